import { gzipSync } from 'node:zlib';
import { classify } from '../../function/core/classify.ts';
import { SyntaxProblem } from '../../function/core/errors.ts';
import { compilePattern } from '../../function/core/filter-pattern/compile.ts';
import { parseFilterPattern } from '../../function/core/filter-pattern/parser.ts';
import { buildFinding } from '../../function/core/finding.ts';
import { readRecord } from '../../function/core/record.ts';
import { renderDigest } from '../../function/core/render/digest.ts';
import { runInvocation } from '../../function/invocation.ts';
import { messageBytes, topicMessage } from '../../function/sinks/topic-message.ts';
import { DecodeError, UnsupportedEventError } from '../../function/sources/decode-error.ts';
import { sourceOf } from '../../function/sources/index.ts';
import { digestOf } from '../core/digest-samples.ts';
import { shippedPolicy } from '../noise/shipped.ts';
import { testEnvironment, within } from '../support/environment.ts';
import { interpret } from '../support/pattern-interpreter.ts';
import { logEvent, payload } from '../support/payloads.ts';
import { policyOf } from '../support/policies.ts';
import { sns } from '../support/sns-client.ts';
import type { Target } from './fuzzing.ts';
import { anyJson, mutatedBytes, mutatedJson, mutatedText } from './mutations.ts';
import type { Random } from './random.ts';
import { MESSAGES, PATTERNS, RECORDS, SMALL } from './seeds.ts';

const policy = await shippedPolicy();
const LOUD = policyOf({
  policy: { unlisted: { service: 'high', event: 'critical', readOnlyEvent: 'high', insight: 'high' } },
});
const NOW = new Date('2026-11-20T12:03:00Z');
const LIMITS = { maxInflatedBytes: 64 * 1024, region: 'eu-central-1' };
const BOMB = gzipSync(Buffer.alloc(4 * 1024 * 1024, ' '));

/** What no output may hold as it is; the line feed is our own. */
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029]/u;

/** Most text is plain, and found to be so at once. */
const isUnseen = (text: string) => !/^[\x20-\x7e\n]*$/.test(text) && UNSEEN.test(text);

function must(holds: boolean, what: string, input: unknown): void {
  if (!holds) throw new Error(`${what}: ${JSON.stringify(input)?.slice(0, 2_000)}`);
}

const messageFrom = (random: Random) => {
  const seed = random.of(MESSAGES);
  return random.oneIn(4) ? mutatedText(random, seed) : random.oneIn(8) ? seed : mutatedRecordText(random);
};

function mutatedRecordText(random: Random): string {
  let value: unknown = random.of(RECORDS);
  for (let times = random.below(4); times >= 0; times--) value = mutatedJson(random, value);
  return JSON.stringify(value) ?? '';
}

/** An event of any source, whole, or damaged at one of its layers: base64, gzip, JSON, shape. */
function eventFrom(random: Random): unknown {
  const events = Array.from({ length: random.below(4) }, () =>
    random.oneIn(5) ? anyJson(random) : logEvent(random.oneIn(8) ? messageFrom(random) : random.of(SMALL)),
  );
  const shape = random.oneIn(3) ? mutatedJson(random, payload(events)) : payload(events);
  const json = JSON.stringify(shape) ?? '';
  const bytes = random.oneIn(200)
    ? BOMB
    : gzipSync(random.oneIn(3) ? mutatedText(random, json) : json, { level: random.below(2) });
  const base64 = Buffer.from(random.oneIn(2) ? mutatedBytes(random, bytes) : bytes).toString('base64');
  const data = random.oneIn(6) ? mutatedText(random, base64) : base64;
  const item = { eventSource: 'aws:kinesis', kinesis: { sequenceNumber: '1', data } };
  const event = random.oneIn(2) ? { awslogs: { data } } : { Records: [item, item] };
  return random.oneIn(12) ? mutatedJson(random, event) : event;
}

/** Any event is records, each read or found unreadable, or an error of ours that holds nothing of it. */
export const decode: Target = (random) => {
  const event = eventFrom(random);
  try {
    const source = sourceOf(event);
    if (source.readsObjects) return 1;
    for (const delivery of source.open(event, LIMITS)) {
      if (delivery.kind === 'unread') must(delivery.error instanceof DecodeError, 'an error of another kind', event);
      else
        for (const { read, position } of delivery.records)
          must(
            position.length < 200 && ('unreadable' in read || read.record !== null),
            'a record without a place',
            event,
          );
    }
  } catch (error) {
    if (!(error instanceof DecodeError || error instanceof UnsupportedEventError)) throw error;
    must(error.message.length < 300, 'a message that could hold the payload', event);
  }
  return 1;
};

/** Messages in one invocation of the function. */
const BATCH = 100;

/** Any messages are counted once each, under one action, and every finding has one fate on every topic. */
export const parse: Target = async (random) => {
  const messages = Array.from({ length: BATCH }, () => messageFrom(random));
  const { load, sent } = sns();
  const { environment, lines } = testEnvironment(load, undefined, { policy });
  const event = {
    awslogs: { data: gzipSync(JSON.stringify(payload(messages.map(logEvent))), { level: 1 }).toString('base64') },
  };
  const { figures } = await runInvocation(environment, event, within(60_000));
  const sum = (...names: string[]) => names.reduce((total, name) => total + (figures[name] ?? Number.NaN), 0);
  must(figures['received'] === BATCH, 'records lost or made up', messages);
  must(sum('whitelisted', 'quiet', 'logged', 'published', 'rejected') === BATCH, 'an unbalanced count', messages);
  for (const topic of ['alerts', 'findings', 'chat']) {
    const fates = sum(...['delivered', 'repeated', 'heldBack', 'undelivered'].map((fate) => `${topic}/${fate}`));
    must(fates === figures['published'], `a finding without a fate on ${topic}`, messages);
  }
  must(
    sent.every(({ Message }) => Message.length > 0),
    'an empty message',
    messages,
  );
  must(lines().length > 0, 'no line in the log', messages);
  return BATCH;
};

/** Any text is a pattern or a problem with its place; a pattern says of any record what the obvious reading says. */
export const pattern: Target = (random) => {
  let text = random.of(PATTERNS);
  for (let times = random.below(4); times > 0; times--) text = mutatedText(random, text);
  let node: ReturnType<typeof parseFilterPattern>;
  let holds: (record: unknown) => boolean;
  try {
    node = parseFilterPattern(text);
    holds = compilePattern(node);
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    must(error.position >= 0 && error.position <= text.length, 'a problem beside the text', text);
    return 1;
  }
  const value = random.oneIn(8) ? anyJson(random) : mutatedJson(random, random.of(RECORDS));
  const said = holds(value);
  must(holds(value) === said, 'two answers to one question', { text, value });
  // The obvious reading takes exponential time for many stars and for expressions.
  const isSlow = text.includes('%') || (text.match(/\*/g) ?? []).length > 24;
  if (!isSlow) must(interpret(node, value) === said, 'another answer than the obvious one', { text, value });
  return 1;
};

/** Any record can be rendered for every topic and for a digest: bounded, and with nothing unseen in it. */
export const render: Target = (random) => {
  let value: unknown = random.of(RECORDS);
  for (let times = 1 + random.below(5); times > 0; times--) value = mutatedJson(random, value);
  const read = readRecord(value);
  const verdict = classify(LOUD, read);
  if ('unreadable' in read || verdict.verdict !== 'rated') return 1;
  const dedupKey = random.oneIn(4) ? mutatedText(random, 'key') || 'key' : 'key';
  const finding = buildFinding(LOUD, read, verdict, {
    dedupKey,
    place: { region: 'us-east-1', logGroup: 'l' },
    teams: [],
  });
  for (const topic of ['alerts', 'findings', 'chat'] as const) {
    const message = topicMessage(topic, finding, NOW, true);
    must(messageBytes(message) <= 262_144, `too large for ${topic}`, value);
    must(!isUnseen(message.Message), `something unseen on ${topic}`, value);
    must(/^[\x20-\x7e]{0,99}$/.test(message.Subject ?? ''), 'a subject that is none', value);
    must(topic === 'alerts' || JSON.parse(message.Message) !== null, `no JSON on ${topic}`, value);
    must(
      topic === 'findings' || !/[a-z]:\/\/(?!us-east-1\.console|[a-z0-9-]+\.console\.)/i.test(message.Message),
      `a link on ${topic}`,
      value,
    );
  }
  if (random.oneIn(8)) {
    const digest = digestOf([finding], random.oneIn(2) ? 'storm' : 'ceiling');
    for (const topic of ['alerts', 'findings', 'chat'] as const) {
      for (const { Message } of renderDigest(digest, topic))
        must(!isUnseen(Message), `something unseen in a digest on ${topic}`, value);
    }
  }
  return 1;
};
