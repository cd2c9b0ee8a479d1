import { describe, expect, test } from 'vitest';
import { renderChat } from '../../../function/core/render/chat.ts';
import { detection, findingOf, type SeveritiesParts } from '../../support/policies.ts';
import { aggregated, record } from '../../support/records.ts';

const NOW = new Date('2026-11-20T02:44:00Z');
const named = (name: string): SeveritiesParts => ({
  detections: [detection({ nextSteps: ['Ask bob.'] })],
  local: { accounts: { '111122223333': { name } } },
});
const chatOf = (parts: SeveritiesParts, value: unknown, context = {}) =>
  JSON.parse(renderChat(findingOf(parts, value, context), NOW));

describe('a chat message', () => {
  test('is a custom notification', () => {
    const message = chatOf(named('prod'), record());
    expect(message).toMatchObject({
      version: '1.0',
      source: 'custom',
      id: 'key',
      content: {
        textType: 'client-markdown',
        title: '[HIGH] prod: `access key created for bob by alice`',
        nextSteps: ['Ask bob.'],
        keywords: ['high', 'prod', 'iam.amazonaws.com'],
      },
      metadata: {
        threadId: '111122223333/iam.amazonaws.com/CreateAccessKey',
        summary: '`access key created for bob by alice`',
      },
    });
    expect(message.content.description).toMatch(
      /^\*HIGH\* at 02:41 UTC on 2026-11-20, 3 minutes ago\n\nIAM user `alice` called `CreateAccessKey` on `iam\.amazonaws\.com` \(`userName`: `bob`\) in prod \(`111122223333`\), `us-east-1`, from `192\.0\.2\.10`\. The call succeeded\.\n\n• A key outlives .*\n\n\[record\]\(https:.*\) · \[what the caller did\]\(https:.*\)$/,
    );
  });

  test('leaves out links there are none of', () => {
    const { description } = chatOf(named('prod'), record({ awsRegion: 'us-iso-east-1' }), { place: undefined }).content;
    expect(description).not.toContain('](');
    expect(chatOf(named('prod'), aggregated(), { place: undefined }).content.keywords).toEqual(['low', 'prod']);
  });

  test('keeps to the limits, with whole links, however long everything is', () => {
    const long = '\u202e`<@U1>'.repeat(20_000);
    const parts = named('x'.repeat(1_000));
    const wordy = { ...parts, detections: [detection({ reason: 'y'.repeat(20_000), nextSteps: ['z'.repeat(1_000)] })] };
    const value = record({
      userIdentity: { type: 'IAMUser', arn: 'ü'.repeat(512), userName: long },
      requestParameters: { userName: long },
      sourceIPAddress: long,
      errorCode: long,
    });
    for (const each of [value, record()]) {
      const { content, metadata } = chatOf(wordy, each);
      expect(content.title.length).toBeLessThanOrEqual(250);
      expect(content.description.length).toBeLessThanOrEqual(8_000);
      expect(content.description).toMatch(/\n\n\[record\]\(https:[^ ]*\)/);
      for (const step of content.nextSteps) expect(step.length).toBeLessThanOrEqual(350);
      for (const keyword of content.keywords) expect(keyword.length).toBeLessThanOrEqual(75);
      expect(metadata.threadId.length).toBeLessThanOrEqual(250);
    }
  });

  test('says why and what to do even where the record fills its values with controls', () => {
    const long = '\u202e'.repeat(10_000);
    const value = record({
      eventID: long,
      awsRegion: long,
      recipientAccountId: long,
      sourceIPAddress: long,
      requestParameters: { userName: long },
      userIdentity: { userName: long },
    });
    expect(chatOf(named('prod'), value).content.description).toContain('• A key outlives the session');
  });
});
