import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { Digest, HeldBy } from '../../function/core/digest.ts';
import { digestLink, digestQuery } from '../../function/core/digest-link.ts';
import { readDigestWindow } from '../../function/core/digest-window.ts';
import { renderDigest } from '../../function/core/render/digest.ts';
import { detection } from '../support/policies.ts';
import { digestOf, finding } from './digest-samples.ts';
import { CONTROLS, HOSTILE, hostileText } from './render/hostile.ts';

const parts = {
  detections: [
    detection({ eventSource: undefined, eventNames: undefined, when: '{ $.eventVersion = "*" }', reason: 'Because.' }),
  ],
};

/** A digest of a finding in which every field a digest shows is the attacker's. */
function hostileDigest(at: (index: number) => string, kind: HeldBy): Digest {
  const one = finding(
    {
      eventSource: at(0),
      eventName: at(1),
      eventID: at(2),
      eventTime: at(3),
      awsRegion: at(4),
      recipientAccountId: at(5),
      userIdentity: { type: at(6), arn: at(7), userName: at(8) },
      requestParameters: { userName: at(9), [at(10)]: at(11) },
    },
    parts,
  );
  const digest = digestOf([one, finding({}, parts)], kind);
  const window = readDigestWindow(JSON.stringify(digest.window));
  if (window === undefined) throw new Error('the window cannot be read again');
  return { ...digest, window };
}

function expectHarmless(digest: Digest): void {
  const link = digestLink(digest);
  const withoutLink = (text: string) => (link ? text.replaceAll(link, 'LINK') : text);

  for (const { Subject = '', Message, MessageAttributes } of renderDigest(digest, 'alerts')) {
    expect(Subject).toMatch(/^[\x20-\x7e]{1,99}$/);
    expect(Subject).not.toContain('://');
    const text = withoutLink(Message);
    expect(text).not.toMatch(CONTROLS);
    expect(text).not.toMatch(/:\/\/|mailto:/i);
    expect(text.replace(/\S+\.amazonaws\.com(?:\.cn)?/g, '')).not.toMatch(/\.\p{L}{2}/u);
    expect(text.split('\n').length).toBeLessThan(30);
    expect(JSON.stringify(MessageAttributes)).not.toMatch(/[\ufffe\uffff]|\p{Cs}/u);
  }

  for (const { Message } of renderDigest(digest, 'chat')) {
    const { content, metadata, id } = JSON.parse(Message, (_, value) =>
      typeof value === 'string' ? withoutLink(value) : value,
    );
    for (const shown of [id, content.title, content.description, ...content.keywords, ...Object.values(metadata)]) {
      expect(shown).not.toMatch(CONTROLS);
      expect(shown).not.toMatch(/[<>@]|:\/\//);
      expect((shown.match(/`/g) ?? []).length % 2).toBe(0);
      expect(shown.replace(/`[^`]*`/g, '').replace(/\[[a-z ]+\]\(LINK\)/g, '')).not.toMatch(/\]\(/);
    }
    expect(content.title.length).toBeLessThanOrEqual(250);
    expect(content.description.length).toBeLessThanOrEqual(8_000);
  }

  for (const { Message } of renderDigest(digest, 'findings')) {
    expect(Message.replace(/\\\\/g, '')).not.toMatch(/\\u|[\u007f-\u009f\u202e\u200b]/);
    expect(JSON.parse(Message).held).toHaveLength(digest.held.length);
  }
}

const kinds = fc.constantFrom('storm', 'ceiling', 'ceiling-without-ledger');

describe('a digest of hostile records', () => {
  test.each(HOSTILE)('is harmless: %s', (_, text) => {
    for (const kind of ['storm', 'ceiling', 'ceiling-without-ledger'] as const) {
      expectHarmless(hostileDigest(() => text, kind));
    }
  });

  test.prop([fc.array(hostileText, { minLength: 12, maxLength: 12 }), kinds])(
    'is harmless, whatever stands in which field',
    (texts, kind) => {
      expectHarmless(hostileDigest((index) => texts[index] ?? '', kind));
    },
  );

  test.prop([hostileText, kinds])('has a query in which every value stays one string', (text, kind) => {
    const query = digestQuery(hostileDigest(() => text, kind));
    const outside = query.replace(/"(?:[^"\\]|\\[\\"])*"/g, 'VALUE');
    expect(outside).toMatch(
      /^fields [\w@., ]+(?: \| filter [\w]+ (?:=|like|in) (?:VALUE|\[VALUE(?:, VALUE)*\]))* \| sort @timestamp asc \| limit 10000$/,
    );
  });
});

describe('a digest of the longest texts', () => {
  const long = (character: string) => {
    const text = character.repeat(512);
    const attributes = Object.fromEntries(
      ['severity', 'code', 'eventSource', 'eventName', 'accountId', 'region', 'team', 'detection'].map((name) => [
        name,
        { DataType: 'String', StringValue: character.repeat(256) } as const,
      ]),
    );
    const base = digestOf([finding({}, parts)]);
    const lines = Array.from({ length: 8 }, () => text);
    const names = { title: text, eventSource: text, eventName: text, accountId: text, accountName: text };
    const held = Array.from({ length: 250 }, (_, index) => ({
      target: `${index}${character.repeat(990)}`,
      principal: `${character.repeat(500)}${index}`,
      eventID: `${index}${text}`.slice(0, 512),
      eventTime: text,
      severity: 'high' as const,
      failed: text,
      what: text,
      attributes: { ...attributes, eventName: { DataType: 'String', StringValue: `${index}${character}` } as const },
    }));
    return {
      ...base,
      window: { ...base.window, ...names, why: lines, nextSteps: lines, attributes },
      count: held.length,
      held,
    };
  };

  test.each([...'x"\\.<\u0001\u202e\uac00'])('is sent in parts of less than 200 KB: %j', (character) => {
    const digest = long(character);
    for (const kind of ['storm', 'ceiling'] as const) {
      for (const topic of ['alerts', 'findings', 'chat'] as const) {
        const messages = renderDigest({ ...digest, window: { ...digest.window, kind, topic } }, topic);
        for (const { Subject = '[', Message, MessageAttributes } of messages) {
          expect(Subject).toMatch(/^[\x20-\x7e]{1,99}$/);
          expect(Buffer.byteLength(Message)).toBeLessThan(200_000);
          const attributes = Buffer.byteLength(JSON.stringify(MessageAttributes));
          expect(Buffer.byteLength(Message) + attributes).toBeLessThan(262_144);
        }
        if (topic === 'findings') {
          expect(messages.flatMap(({ Message }) => JSON.parse(Message).held)).toHaveLength(250);
        }
      }
    }
  });
});

describe('a digest of many', () => {
  test.prop([fc.array(fc.record({ target: hostileText, principal: hostileText }), { maxLength: 60 }), kinds], {
    numRuns: 30,
  })('keeps each message below what SNS takes and names every row', (rows, kind) => {
    const base = digestOf([finding({}, parts)], kind);
    const held = Array.from({ length: 20 }, (_, round) =>
      rows.map(({ target, principal }, index) => ({
        target: target.slice(0, 512),
        principal: principal.slice(0, 512),
        severity: 'high' as const,
        eventID: `event-${round}-${index}`,
      })),
    ).flat();
    const digest = { ...base, count: held.length, held };
    for (const topic of ['alerts', 'findings', 'chat'] as const) {
      for (const { Message, MessageAttributes } of renderDigest(digest, topic)) {
        expect(Buffer.byteLength(Message) + Buffer.byteLength(JSON.stringify(MessageAttributes))).toBeLessThan(262_144);
      }
    }
    const mails = renderDigest(digest, 'alerts').map(({ Message }) => Message);
    expect(mails.flatMap((text) => text.match(/event event-\d+-\d+/g) ?? [])).toHaveLength(held.length);
    const documents = renderDigest(digest, 'findings').map(({ Message }) => JSON.parse(Message));
    expect(documents.flatMap(({ held: named }) => named)).toHaveLength(held.length);
  });
});
