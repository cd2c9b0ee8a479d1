import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { classifyCommand } from '../../cli/classify.ts';
import { explanation } from '../../cli/explain.ts';
import { mentionOf } from '../../cli/replay/mention.ts';
import { mentionLine } from '../../cli/replay/report-text.ts';
import { classify } from '../../function/core/classify.ts';
import {
  neutralise,
  neutraliseForChat,
  neutraliseForMail,
  plainForChat,
  printableJson,
} from '../../function/core/neutral.ts';
import { readMessage, readRecord } from '../../function/core/record.ts';
import { renderDigest } from '../../function/core/render/digest.ts';
import { logSink } from '../../function/sinks/log.ts';
import { createLogger } from '../../function/sinks/logger.ts';
import { topicMessage } from '../../function/sinks/topic-message.ts';
import { undeliveredBody } from '../../function/sinks/undelivered-body.ts';
import { runCommand } from '../cli/command-line.ts';
import { folderOf } from '../cli/temporary-folder.ts';
import { digestOf } from '../core/digest-samples.ts';
import { HOSTILE } from '../core/render/hostile.ts';
import { detection, findingOf, loadedOf, policyOf } from '../support/policies.ts';
import { record } from '../support/records.ts';

const NOW = new Date('2026-11-20T02:44:00Z');
const parts = {
  detections: [
    detection({ eventSource: undefined, eventNames: undefined, when: '{ $.eventVersion = "*" }', reason: 'Because.' }),
  ],
};
const policy = policyOf(parts);
const { content } = loadedOf(parts);

/** What no output may hold as it is: the line feed is our own. */
const UNSEEN =
  /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800\p{Noncharacter_Code_Point}]|\p{M}{5}/u;

/** More of what an attacker may write, by what they try. */
const MORE: readonly (readonly [string, string])[] = [
  ...HOSTILE,
  ['fillers that nobody sees', 'a\u115f\u1160\u3164\uffa0b'],
  ['variation selectors', 'a\ufe00\ufe0f\u180b\u{e0100}b'],
  ['other joiners', 'a\u034f\u17b4\u17b5\u2064b'],
  ['a blank of Braille', 'a\u2800b'],
  ['formats of music and shorthand', 'a\u{1d173}\u{1bca0}b'],
  ['interlinear notes', 'a\ufff9b\ufffac\ufffb'],
  ['noncharacters', 'a\ufdd0\ufdef\u{1fffe}b'],
  ['marks in a pile', `a${'\u0301\u0489'.repeat(100)}b`],
  ['an operating system command', '\u001b]8;;http://evil.example\u0007x\u001b]8;;\u0007'],
  ['a C1 string', '\u009d8;;http://evil.example\u009cx'],
  ['a carriage return over the line', 'critical\rharmless'],
  ['backspaces', 'critical\b\b\b\b\b\b\b\bharmless'],
  ['a host with a dot of another script', 'evil。example evil．example evil｡example evil․example'],
  ['a host that ends in an Indic name', 'evil.भारत evil.कॉम'],
  ['a host in circled letters', 'evil.ⓒⓞⓜ'],
  ['a telephone number', 'tel:+15555550100 sms:+15555550100'],
  ['a file', 'file:///etc/passwd'],
  ['a share', '\\\\evil\\share'],
  ['a script', 'javascript:alert(1)'],
  ['a link of which we would write the bracket', 'mailto:(//192.0.2.1/x)'],
  ['an image', '![x](http://evil.example/a.png)'],
  ['a reference', '[x]: http://evil.example'],
  ['an automatic link', '<https://evil.example>'],
  ['a mention of everybody', '@here @channel @everyone <!subteam^S1>'],
  ['entities', '&lt;!here&gt; &#x40;here'],
  ['a date of Slack', '<!date^1392734382^x^http://evil.example|y>'],
  ['a table', '| a | b |\n|---|---|'],
  ['a heading', '# a\n> b\n- c\n1. d'],
  ['an end of the code', '` <!here> `'],
  ['an end of the code, escaped', '\\` <!here> \\`'],
  ['a mail header', 'x\r\nBcc: mallory@evil.example\r\n\r\n<html>'],
  ['a spreadsheet formula', '=HYPERLINK("http://evil.example")'],
  ['a template', '{{constructor.constructor("x")()}} #{7*7} %{7*7}'],
  ['a format', '%s%n%x %(a)s'],
];

/** Long enough: lengths have tests of their own. */
const ALL = MORE.map(([name, text]) => [name, text.slice(0, 2_000)] as const);

const hostileRecord = (text: string) =>
  record({
    eventName: text || 'x',
    eventSource: text || 'x',
    eventID: text,
    awsRegion: text,
    recipientAccountId: text,
    sourceIPAddress: text,
    userAgent: text,
    errorCode: text,
    errorMessage: text,
    userIdentity: { type: text, arn: `arn:aws:iam::111122223333:user/${text}`, userName: text, invokedBy: text },
    requestParameters: { userName: text, [text]: text },
  });

/** Without the links that we make ourselves. */
function ours(
  text: string,
  { event, queryByEvent, queryByPrincipal }: { readonly [kind: string]: string | undefined },
): string {
  return [event, queryByEvent, queryByPrincipal].reduce<string>(
    (rest, link) => (link ? rest.replaceAll(link, '') : rest),
    text,
  );
}

/** Links and mentions as mail clients and chats find them. */
const LIVE =
  /:\/\/|mailto:|(?<![\w.:-])(?:tel|sms|file|javascript):\S|\\\\\w|[.\u2024\u3002\uff0e\uff61][\p{L}\p{So}][\p{L}\p{M}\p{So}]/iu;
const withoutNames = (text: string) => text.replace(/[a-z0-9-]+\.amazonaws\.com|userIdentity\.arn/g, '');

describe.each(ALL)('%s', (_, text) => {
  const finding = findingOf(parts, hostileRecord(text), { dedupKey: 'key' });

  test('in a mail is text: nothing unseen, no link, no line of its own', () => {
    const { Subject = '', Message } = topicMessage('alerts', finding, NOW, true);
    expect(Subject).toMatch(/^[\x20-\x7e]{1,99}$/);
    expect(Subject).not.toMatch(LIVE);
    const shown = withoutNames(ours(Message, finding.links));
    expect(shown).not.toMatch(UNSEEN);
    expect(shown).not.toMatch(LIVE);
    expect(Message.split('\n').length).toBeLessThan(45);
    expect(Message.length).toBeLessThan(32_768);
  });

  test('in a chat stands in code: no mention, link or formatting', () => {
    const chat = JSON.parse(topicMessage('chat', finding, NOW, true).Message);
    const { title, description, keywords } = chat.content;
    for (const shown of [
      chat.id,
      title,
      description,
      ...keywords,
      chat.metadata.threadId,
      chat.metadata.summary,
    ] as string[]) {
      const rest = ours(shown, finding.links).replace(/\[[a-z ]+\]\(\)/g, '');
      expect(rest).not.toMatch(UNSEEN);
      expect(rest).not.toMatch(/[<>@&]|\]\(/);
      expect((rest.match(/`/g) ?? []).length % 2).toBe(0);
      expect(withoutNames(rest)).not.toMatch(LIVE);
    }
    expect(title.length).toBeLessThanOrEqual(250);
    expect(description.length).toBeLessThanOrEqual(8_000);
  });

  test('in a document for programs reads back as it was, and shows nothing unseen to who looks at the JSON', () => {
    const { Message } = topicMessage('findings', finding, NOW, true);
    expect(Message).not.toMatch(/\n/);
    expect(Message).not.toMatch(UNSEEN);
    const { record: verbatim, recordOmitted } = JSON.parse(Message);
    if (recordOmitted === undefined) expect(verbatim).toEqual(finding.read.record);
    expect(Buffer.byteLength(Message)).toBeLessThanOrEqual(262_144);
  });

  test('in what filter policies see, and in the queue, holds nothing unseen', () => {
    for (const topic of ['alerts', 'findings', 'chat'] as const) {
      const { MessageAttributes } = topicMessage(topic, finding, NOW, true);
      for (const { StringValue } of Object.values(MessageAttributes)) {
        expect(StringValue).not.toMatch(
          /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029]|[\u{10000}-\u{10ffff}]/u,
        );
        expect(StringValue.length).toBeLessThanOrEqual(300);
      }
      const refused = {
        key: '0',
        topic,
        topicArn: 'arn',
        dedupKey: text,
        severity: 'high',
        errorCode: text,
        render: () => topicMessage(topic, finding, NOW, true),
      } as const;
      expect(undeliveredBody(refused, 'f', NOW)).toMatch(/^[\x20-\x7e]{1,262144}$/);
    }
  });

  test('in the log is one line with nothing unseen, under our own names', () => {
    const chunks: string[] = [];
    const logger = createLogger({ write: (chunk: string) => void chunks.push(chunk) });
    const raw = JSON.stringify(hostileRecord(text));
    const read = readMessage(raw);
    logSink(logger, 'v').accept({
      source: { read, raw, position: 'p' },
      verdict: classify(policy, read),
      place: undefined,
    });
    logger.flush();
    const [line = '', ...others] = chunks.join('').split('\n');
    expect(others).toEqual(['']);
    expect(line).not.toMatch(UNSEEN);
    expect(line.length).toBeLessThan(16_384);
    const names = Object.keys(JSON.parse(line));
    expect(names.filter((name) => !/^[a-zA-Z]+$/.test(name))).toEqual([]);
  });

  test('on a terminal, explained or listed, moves no cursor, colours nothing and takes no line of its own', () => {
    const value = hostileRecord(text);
    const read = readRecord(value);
    if ('unreadable' in read) throw new Error(read.unreadable);
    expect(explanation(policy, content.policy, read)).not.toMatch(UNSEEN);
    const verdict = classify(policy, read);
    if (verdict.verdict !== 'rated') throw new Error(verdict.verdict);
    const mention = mentionLine(
      mentionOf(policy, { read, raw: value, position: text, place: undefined }, read, verdict),
    );
    expect(mention).not.toMatch(UNSEEN);
    expect(mention).not.toContain('\n');
  });

  test('in a digest is text as well', () => {
    const other = findingOf(parts, record(), { dedupKey: 'other' });
    const digest = digestOf([finding, other]);
    for (const topic of ['alerts', 'findings', 'chat'] as const) {
      for (const { Subject = '', Message, MessageAttributes } of renderDigest(digest, topic)) {
        expect(Subject).toMatch(/^[\x20-\x7e]{0,99}$/);
        expect(Message).not.toMatch(UNSEEN);
        expect(JSON.stringify(MessageAttributes)).not.toMatch(UNSEEN);
      }
    }
  });
});

test('classify writes one line a record, with nothing unseen in it, that reads back as it was', async () => {
  const folder = await folderOf({ 'r.json': { Records: ALL.map(([, text]) => hostileRecord(text)) } });
  const { stdout } = await runCommand(classifyCommand, [join(folder, 'r.json')]);
  expect(stdout).not.toMatch(UNSEEN);
  const lines = stdout.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).eventName)).toEqual(ALL.map(([, text]) => text || 'x'));
});

describe('a name that only looks like another', () => {
  test.each([
    ['a Cyrillic а', 'arn:aws:iam::111122223333:user/\u0430dmin'],
    ['a Greek ο', 'arn:aws:iam::111122223333:role/r\u03bfot'],
    ['fullwidth letters', 'arn:aws:iam::111122223333:user/ａｄｍｉｎ'],
    ['a letter l for a capital I', 'arn:aws:iam::111122223333:user/adm\u0131n'],
    ['another account', 'arn:aws:iam::111122223334:user/admin'],
    ['another partition', 'arn:aws-cn:iam::111122223333:user/admin'],
  ])('with %s is shown as it is, not as what it looks like', (_, arn) => {
    const finding = findingOf(parts, record({ userIdentity: { type: 'IAMUser', arn } }));
    const { Message, Subject = '' } = topicMessage('alerts', finding, NOW, true);
    expect(Message).toContain(arn);
    // Subjects are ASCII, so a letter that is none shows as a question mark.
    const name = arn.slice(arn.lastIndexOf('/') + 1);
    expect(Subject).toContain(` by ${name.replace(/[^\x20-\x7e]/g, '?')}`);
    const document = JSON.parse(topicMessage('findings', finding, NOW, true).Message);
    expect(document.principal.arn).toBe(arn);
    expect(document.record.userIdentity.arn).toBe(arn);
  });
});

test.each([
  ['a\\\\evil\\share', 'a[\\\\]evil\\share'],
  ['tel:1', 'tel[:]1'],
  ['arn:aws:sms:eu-central-1:111122223333:x', 'arn:aws:sms:eu-central-1:111122223333:x'],
  ['arn:aws:rds-data:eu-central-1:111122223333:x', 'arn:aws:rds-data:eu-central-1:111122223333:x'],
  ['data: none', 'data: none'],
  ['evil。example', 'evil[。]example'],
  ['evil.भारत', 'evil[.]भारत'],
])('%j in a mail is %j', (text, shown) => {
  expect(neutraliseForMail(text)).toBe(shown);
});

test('what is broken up is broken up at any length, and cut between characters', () => {
  for (let length = 1; length < 40; length++) {
    for (const [, text] of ALL) {
      expect(neutralise(text, length)).not.toMatch(UNSEEN);
      expect(neutraliseForMail(text, length)).not.toMatch(/:\/\//);
      expect(neutraliseForChat(text, length)).not.toMatch(/[<>@&]/);
      expect(plainForChat(text, length)).not.toMatch(/\]\(/);
      expect(plainForChat(text, length).length).toBeLessThanOrEqual(length);
    }
  }
});

test.each(ALL)('JSON for people reads back as the same value: %s', (_, text) => {
  const value = { [text]: [text, { text }] };
  expect(JSON.parse(printableJson(value))).toEqual(value);
});
