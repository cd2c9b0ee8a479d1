import type { Finding } from '../core/finding.ts';
import { type MessageAttribute, messageAttributes } from '../core/render/attributes.ts';
import { renderChat } from '../core/render/chat.ts';
import { renderDocument } from '../core/render/document.ts';
import { subjectOf } from '../core/render/subject.ts';
import { renderText } from '../core/render/text.ts';

/** A topic of findings. */
export type TopicName = 'alerts' | 'findings' | 'chat';

/** The topics of findings that there are, with their ARNs: a chat topic only where one is set. */
export function topicsOf(arns: {
  readonly alerts: string;
  readonly findings: string;
  readonly chat: string | undefined;
}): ReadonlyMap<TopicName, string> {
  const { alerts, findings, chat } = arns;
  return new Map<TopicName, string>([
    ['alerts', alerts],
    ['findings', findings],
    ...(chat === undefined ? [] : [['chat', chat] as const]),
  ]);
}

/** One SNS message, complete but for its topic. */
export interface TopicMessage {
  readonly Subject?: string;
  readonly Message: string;
  readonly MessageAttributes: Record<string, MessageAttribute>;
}

/**
 * Most bytes of one message, attributes included, and of one batch together.
 * @see https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
 */
export const MAX_MESSAGE_BYTES = 262_144;

/** Renders a finding for a topic. The result is never over {@link MAX_MESSAGE_BYTES}. */
export function topicMessage(topic: TopicName, finding: Finding, now: Date, includeRecord: boolean): TopicMessage {
  const MessageAttributes = messageAttributes(finding);
  switch (topic) {
    case 'alerts':
      return { Subject: subjectOf(finding), Message: renderText(finding, now), MessageAttributes };
    case 'findings': {
      const room = MAX_MESSAGE_BYTES - attributeBytes(MessageAttributes);
      return { Message: renderDocument(finding, includeRecord, room), MessageAttributes };
    }
    case 'chat':
      return { Message: renderChat(finding, now), MessageAttributes };
  }
}

/** Bytes of a message as SNS counts them: body and the names, types and values of its attributes. */
export function messageBytes({ Message, MessageAttributes }: TopicMessage): number {
  return Buffer.byteLength(Message) + attributeBytes(MessageAttributes);
}

function attributeBytes(attributes: TopicMessage['MessageAttributes']): number {
  return Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue }]) =>
      sum + Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue),
    0,
  );
}
