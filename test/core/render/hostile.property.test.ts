import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { Finding } from '../../../function/core/finding.ts';
import { renderChat } from '../../../function/core/render/chat.ts';
import { renderDocument } from '../../../function/core/render/document.ts';
import { subjectOf } from '../../../function/core/render/subject.ts';
import { renderText } from '../../../function/core/render/text.ts';
import { detection, findingOf } from '../../support/policies.ts';
import { record } from '../../support/records.ts';
import { CONTROLS, HOSTILE, hostileText } from './hostile.ts';

const NOW = new Date('2026-11-20T02:44:00Z');
const RUNBOOK = 'https://runbooks.example.com/keys';
const parts = {
  detections: [
    detection({
      eventSource: undefined,
      eventNames: undefined,
      when: '{ $.eventVersion = "*" }',
      runbook: RUNBOOK,
      reason: 'Because.',
    }),
  ],
};

/** A record in which every field a renderer reads is the attacker's. */
function recordOf(at: (index: number) => string): Record<string, unknown> {
  return record({
    eventSource: at(0),
    eventName: at(1),
    eventID: at(2),
    eventTime: at(3),
    awsRegion: at(4),
    recipientAccountId: at(5),
    sourceIPAddress: at(6),
    userAgent: at(7),
    errorCode: at(8),
    errorMessage: at(9),
    userIdentity: {
      type: at(10),
      arn: at(11),
      userName: at(12),
      principalId: at(13),
      accountId: at(14),
      invokedBy: at(15),
    },
    requestParameters: { userName: at(16), [at(17)]: at(18) },
    resources: [{ ARN: at(19) }],
  });
}

/** The text without the links that we made ourselves. */
function withoutOurLinks(text: string, { links }: Finding): string {
  return [links.event, links.queryByEvent, links.queryByPrincipal, RUNBOOK]
    .filter((link) => link !== undefined)
    .reduce((rest, link) => rest.replaceAll(link, 'LINK'), text);
}

function expectHarmless(finding: Finding): void {
  expect(subjectOf(finding)).toMatch(/^[\x20-\x7e]{1,99}$/);
  expect(subjectOf(finding)).not.toContain('://');

  const text = withoutOurLinks(renderText(finding, NOW), finding);
  expect(text).not.toMatch(CONTROLS);
  expect(text).not.toMatch(/:\/\/|mailto:/i);
  expect(text.replace(/\S+\.amazonaws\.com(?:\.cn)?|^ {2}userIdentity\.arn/gm, '')).not.toMatch(/\.\p{L}{2}/u);
  expect(text.length).toBeLessThan(32_768);

  const chat = JSON.parse(renderChat(finding, NOW), (_, value) =>
    typeof value === 'string' ? withoutOurLinks(value, finding) : value,
  );
  const { content, metadata } = chat;
  const all: string[] = [
    chat.id,
    content.title,
    content.description,
    ...content.keywords,
    metadata.threadId,
    metadata.summary,
  ];
  for (const shown of all) {
    expect(shown).not.toMatch(CONTROLS);
    expect(shown).not.toMatch(/[<>@]|:\/\//);
    expect((shown.match(/`/g) ?? []).length % 2).toBe(0);
    expect(shown.replace(/`[^`]*`/g, '').replace(/\[[a-z ]+\]\(LINK\)/g, '')).not.toMatch(/\]\(/);
  }

  const { record: verbatim, ...document } = JSON.parse(renderDocument(finding, true, Number.MAX_SAFE_INTEGER));
  expect(JSON.stringify(document).replace(/\\\\/g, '')).not.toMatch(/\\u|[\u007f-\u009f\u202e\u200b]/);
  expect(verbatim).toEqual(finding.read.record);
}

describe('what is published of a hostile record', () => {
  test.each(HOSTILE)('is harmless: %s', (_, text) => {
    expectHarmless(
      findingOf(
        parts,
        recordOf(() => text),
        { dedupKey: text || 'key' },
      ),
    );
  });

  test.prop([fc.array(hostileText, { minLength: 20, maxLength: 20 })])(
    'is harmless, whatever stands in which field',
    (texts) => {
      expectHarmless(
        findingOf(
          parts,
          recordOf((index) => texts[index] ?? ''),
          { dedupKey: texts[2] || 'key' },
        ),
      );
    },
  );

  test.prop([
    fc.record({
      userIdentity: fc.jsonValue(),
      requestParameters: fc.jsonValue(),
      resources: fc.jsonValue(),
      eventTime: fc.jsonValue(),
      awsRegion: fc.jsonValue(),
    }),
  ])('can be rendered whatever the types of its fields', (fields) => {
    expectHarmless(findingOf(parts, record(fields)));
  });
});
