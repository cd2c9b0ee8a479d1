import { describe, expect, test } from 'vitest';
import {
  ceilingSummary,
  type Digest,
  digestWindowOf,
  type HeldFinding,
  heldFindingOf,
  heldIdentity,
} from '../../function/core/digest.ts';
import { digestLink, digestQuery } from '../../function/core/digest-link.ts';
import { readDigestWindow } from '../../function/core/digest-window.ts';
import { messageAttributes } from '../../function/core/render/attributes.ts';
import { renderDigest } from '../../function/core/render/digest.ts';
import { detection } from '../support/policies.ts';
import { DEPLOYER } from '../support/records.ts';
import { digestOf, finding, PARTS, WINDOW } from './digest-samples.ts';

const of = (userName: string, parts: object = {}) => finding({ requestParameters: { userName }, ...parts });
const FEW = digestOf([of('bob'), of('bob'), of('carol'), of('dave', { userIdentity: DEPLOYER })]);
const bytes = (text: string) => Buffer.byteLength(text);
const many = (count: number, name = (index: number) => `user-${index}`): Digest => ({
  ...FEW,
  count,
  held: Array.from({ length: count }, (_, index) => ({
    target: `userName: ${name(index)} in us-east-1`,
    principal: `arn:aws:iam::111122223333:role/role-${index % 7}`,
    eventID: `6f1c6a9a-0000-4000-8000-${String(index).padStart(12, '0')}`,
    eventTime: '2026-11-20T02:41:00Z',
    severity: 'high' as const,
  })),
});

describe('a digest by mail', () => {
  test('names what was held back, every target, by whom, when, and what to do', () => {
    const [message, ...more] = renderDigest(FEW, 'alerts');
    expect(more).toEqual([]);
    expect(message?.Subject).toBe('[HIGH] prod: 4 more held back: Access key created (3 targets, 2 callers)');
    expect(message?.Message).toBe(
      [
        'HIGH digest',
        '',
        'Held back between 2026-11-20 02:20 and 2026-11-20 03:20 UTC, of CreateAccessKey on iam.amazonaws.com in prod: 4 findings: 3 targets, 2 callers.',
        'The first ones were sent at once. These repeat them, and are sent together so that nobody is flooded.',
        '',
        'By arn:aws:iam::111122223333:role/terraform-apply',
        '  - userName: dave in us-east-1 (high, 2026-11-20T02:41:00Z, event 6f1c6a9a-0000-4000-8000-000000000002)',
        '',
        'By arn:aws:iam::111122223333:user/alice',
        '  - userName: bob in us-east-1 (high, 2026-11-20T02:41:00Z, event 6f1c6a9a-0000-4000-8000-000000000002)',
        '  - userName: carol in us-east-1 (high, 2026-11-20T02:41:00Z, event 6f1c6a9a-0000-4000-8000-000000000002)',
        '',
        'Why these matter',
        '  - A key outlives the session it was made in. (detection access-key-created: high)',
        '',
        'What to do next',
        '  1. Ask bob.',
        '',
        'Links',
        `  In the log: ${digestLink(FEW)}`,
        '',
        'trailbell, severities test',
        '',
      ].join('\n'),
    );
  });

  test('puts the most severe caller first, and is the same however the rows were read', () => {
    const held = FEW.held.map((one, index) => ({ ...one, severity: index === 0 ? 'critical' : 'high' }) as const);
    const [message] = renderDigest({ ...FEW, held }, 'alerts');
    expect(message?.Subject).toMatch(/^\[CRITICAL\] /);
    expect(message?.Message.indexOf('user/alice')).toBeLessThan(message?.Message.indexOf('terraform-apply') ?? 0);
    expect(renderDigest({ ...FEW, held: held.toReversed() }, 'alerts')).toEqual([message]);
  });

  test('is split where it is long, each part whole, numbered and below what SNS takes', () => {
    const digest = many(10_000);
    const messages = renderDigest(digest, 'alerts');
    expect(messages.length).toBeGreaterThan(3);
    const said = messages.map(({ Message }) => Message);
    for (const [index, { Subject, Message }] of messages.entries()) {
      expect(Subject).toMatch(new RegExp(`^[\\x20-\\x7e]+ \\[part ${index + 1}/${messages.length}\\]$`));
      expect(Subject?.length).toBeLessThanOrEqual(99);
      expect(bytes(Message)).toBeLessThan(200_000);
      expect(Message).toMatch(/\n\nBy arn:.*\n {2}- /);
    }
    const named = said.flatMap((text) => [...text.matchAll(/userName: (user-\d+) in/g)].map(([, name]) => name));
    expect(new Set(named).size).toBe(10_000);
    expect(named).toHaveLength(10_000);
  });

  test('says so where more was held back than it names', () => {
    const cut = { ...many(3), count: 30_000, isCut: true };
    expect(renderDigest(cut, 'alerts')[0]?.Message).toContain(
      '\nA digest has room for no more than the 3 named; the others are in the log.\n',
    );
    expect(JSON.parse(renderDigest(cut, 'findings')[0]?.Message ?? '')).toMatchObject({ isCut: true, count: 30_000 });
    expect(renderDigest(FEW, 'alerts')[0]?.Message).not.toContain('room for no more');
  });

  test('keeps its figures in the subject however long the names are', () => {
    const parts = { ...PARTS, detections: [detection({ title: 'T'.repeat(100) })] };
    const [message] = renderDigest(digestOf([finding({}, parts)]), 'alerts');
    expect(message?.Subject).toMatch(/^\[HIGH\] prod: 1 more held back: T+\? \(1 target, 1 caller\)$/);
  });
});

describe('what a digest says of one target', () => {
  const targetOf = (requestParameters: object) => heldFindingOf(finding({ requestParameters })).target;
  const lineOf = (held: HeldFinding) =>
    renderDigest({ ...FEW, held: [held] }, 'alerts')[0]?.Message.match(/^ {2}- .*$/m)?.[0];

  test('is every instance of a call, not the first few', () => {
    const items = Array.from({ length: 40 }, (_, index) => ({ instanceId: `i-${index}` }));
    const named = targetOf({ instancesSet: { items } });
    expect(named.match(/i-\d+/g)).toHaveLength(40);
    expect(named).toMatch(/^instanceId: i-0, i-1, .*, i-39 in us-east-1$/);
  });

  test('is the list of names where there is no single one', () => {
    expect(targetOf({ names: ['/a', 7, '/b'], filters: ['c'] })).toBe('names: /a, /b in us-east-1');
    expect(targetOf({ volumeId: 'vol-1', instancesSet: { items: [{ instanceId: 'i-1' }] } })).toContain('vol-1');
    expect(targetOf({ filters: ['c'] })).toBe('no named target in us-east-1');
    expect(targetOf({ names: 'not a list', toString: [] })).toBe('no named target in us-east-1');
  });

  test('is the end of a long name as well as its beginning', () => {
    const [one, other] = ['1', '2'].map((end) => heldFindingOf(of(`${'x'.repeat(3_000)}${end}`)));
    if (one === undefined || other === undefined) throw new Error('no findings');
    expect(one.target).toHaveLength(1_000);
    expect(lineOf(one)).not.toBe(lineOf(other));
  });

  test('is how the call ended, where it did not go through', () => {
    const denied = { errorCode: 'AccessDenied' };
    expect(lineOf(heldFindingOf(of('bob', denied)))).toContain('userName: bob in us-east-1 (high, denied, 2026-11-20T');
    const [through, refused] = [of('bob'), of('bob', denied)];
    expect(heldIdentity(through, 'storm')).not.toBe(heldIdentity(refused, 'storm'));
  });
});

describe('a digest for programs', () => {
  test('is a JSON document of its own kind', () => {
    const [message] = renderDigest(FEW, 'findings');
    const document = JSON.parse(message?.Message ?? '');
    expect(document).toMatchObject({
      schemaVersion: '1.0',
      kind: 'digest',
      dedupKey: 'window#1/1',
      heldBy: 'storm',
      severity: 'high',
      count: 4,
      targets: 3,
      principals: 2,
      part: { number: 1, of: 1 },
      from: '2026-11-20T02:20:00.000Z',
      to: '2026-11-20T03:20:00.000Z',
      account: { id: '111122223333', name: 'prod' },
      eventSource: 'iam.amazonaws.com',
      eventName: 'CreateAccessKey',
      links: { query: digestLink(FEW) },
    });
    expect(document.held.map(({ target }: { target: string }) => target)).toEqual([
      'userName: dave in us-east-1',
      'userName: bob in us-east-1',
      'userName: carol in us-east-1',
    ]);
  });

  test('is split into documents that each parse, with keys of their own', () => {
    const documents = renderDigest(many(5_000), 'findings').map(({ Message }) => {
      expect(bytes(Message)).toBeLessThan(200_000);
      return JSON.parse(Message);
    });
    expect(new Set(documents.map(({ dedupKey }) => dedupKey)).size).toBe(documents.length);
    expect(documents.flatMap(({ held }) => held)).toHaveLength(5_000);
    for (const { count } of documents) expect(count).toBe(5_000);
  });
});

describe('a digest in chat', () => {
  test('is a custom notification', () => {
    const [message] = renderDigest(FEW, 'chat');
    const { content, ...rest } = JSON.parse(message?.Message ?? '');
    expect(rest).toMatchObject({ version: '1.0', source: 'custom', id: 'window/1' });
    expect(content.title).toBe('[HIGH] prod: 4 more held back: Access key created (3 targets, 2 callers)');
    expect(content.description).toContain(
      '• `userName: bob in us-east-1` by `arn:aws:iam::111122223333:user/alice`, high',
    );
    expect(content.description).toMatch(/\[in the log\]\(https:[^ )]*\)+$/);
  });

  test('is five messages at most, and says how many targets are named elsewhere', () => {
    const messages = renderDigest(many(2_000), 'chat').map(({ Message }) => JSON.parse(Message).content);
    expect(messages).toHaveLength(5);
    const shown = messages.flatMap(({ description }) => description.match(/^• /gm) ?? []).length;
    expect(messages.at(-1).description).toContain(`and ${2_000 - shown} more, named by mail and in the findings topic`);
    expect(messages[0].description).not.toContain('more, named');
    for (const { title, description } of messages) {
      expect(title.length).toBeLessThanOrEqual(250);
      expect(description.length).toBeLessThanOrEqual(8_000);
    }
  });
});

describe('the attributes of a digest', () => {
  test('are those of its findings where they all agree', () => {
    expect(renderDigest(FEW, 'alerts')[0]?.MessageAttributes).toEqual(messageAttributes(of('bob')));
  });

  test('hold all values where they differ, so that each filter policy that meant a finding lets the digest through', () => {
    const claimed = { ...PARTS, local: { accounts: { '444455556666': { name: 'dev', team: 'search' } } } };
    const other = finding({ recipientAccountId: '444455556666', awsRegion: 'eu-west-1' }, claimed);
    const [message] = renderDigest(digestOf([of('bob'), other], 'ceiling', 'alerts'), 'alerts');
    expect(message?.MessageAttributes).toMatchObject({
      severity: { DataType: 'String', StringValue: 'high' },
      team: { DataType: 'String.Array', StringValue: '["payments","search"]' },
      accountId: { DataType: 'String.Array', StringValue: '["111122223333","444455556666"]' },
      region: { DataType: 'String.Array', StringValue: '["us-east-1","eu-west-1"]' },
    });
  });

  test('leave room for the message, however many accounts there are', () => {
    const attributes = (index: number) => ({
      accountId: { DataType: 'String' as const, StringValue: '\uac00'.repeat(200) + index },
    });
    const held = FEW.held.flatMap((one) =>
      Array.from({ length: 500 }, (_, index) => ({ ...one, attributes: attributes(index) })),
    );
    const [message] = renderDigest({ ...FEW, held }, 'alerts');
    const value = message?.MessageAttributes['accountId']?.StringValue ?? '';
    expect(bytes(value)).toBeLessThanOrEqual(5_000);
    expect(JSON.parse(value).length).toBeGreaterThan(3);
  });
});

describe('what is held back by the ceiling', () => {
  test('is told apart by kind as well as by target and caller', () => {
    const [one, other] = ['DeleteUser', 'DeleteLoginProfile'].map((eventName) => of('bob', { eventName }));
    if (one === undefined || other === undefined) throw new Error('no findings');
    expect(heldIdentity(one, 'storm')).toBe(heldIdentity(other, 'storm'));
    expect(heldIdentity(one, 'ceiling')).not.toBe(heldIdentity(other, 'ceiling'));
  });

  test('is named with what happened', () => {
    const [message] = renderDigest(digestOf([of('bob'), of('bob', { eventName: 'DeleteUser' })], 'ceiling'), 'alerts');
    expect(message?.Subject).toBe(
      '[HIGH] 2 alerts held back, over the ceiling of messages a minute (1 target, 1 caller)',
    );
    expect(message?.Message).toContain('- userName: bob in us-east-1 (high, access key created for bob by alice,');
    expect(message?.Message).toContain('user bob deleted by alice');
    expect(message?.Message).not.toContain('What to do next');
  });

  test('is named at once where there is no ledger', () => {
    const findings = [of('bob'), of('carol'), of('carol')] as const;
    const summary = ceilingSummary('request', 'chat', findings, new Date(WINDOW.end));
    expect(summary).toMatchObject({
      id: 'request',
      count: 3,
      window: { kind: 'ceiling-without-ledger', topic: 'chat' },
    });
    const [alert] = renderDigest(summary, 'alerts');
    expect(alert?.Subject).toBe('[HIGH] 3 alerts not sent one by one, too many at once (2 targets, 1 caller)');
    expect(alert?.Message).toContain('Not sent one by one at 2026-11-20 03:20 UTC: 3 findings: 2 targets, 1 caller.');
    const crowd = findings.concat(Array.from({ length: 500 }, (_, index) => of(`user-${index}`)));
    const [first = of('bob'), ...rest] = crowd;
    const chat = renderDigest(ceilingSummary('request', 'chat', [first, ...rest], new Date(WINDOW.end)), 'chat');
    expect(chat.at(-1)?.Message).toMatch(/and \d+ more, in the log/);
  });

  test('of more than an invocation can name is counted whole, and the rest is said to be in the log', () => {
    const crowd = Array.from({ length: 2_600 }, (_, index) => of(`user-${index}`));
    const [first = of('bob'), ...rest] = crowd;
    const summary = ceilingSummary('request', 'alerts', [first, ...rest, first], new Date(WINDOW.end));
    expect([summary.count, summary.held.length, summary.isCut]).toEqual([2_601, 2_500, true]);
    expect(renderDigest(summary, 'alerts')[0]?.Message).toContain('2500 named; the others are in the log.');
  });
});

describe('the query of a digest', () => {
  test('finds the calls of the storm in its account', () => {
    expect(digestQuery(FEW)).toContain(
      '| filter eventSource = "iam.amazonaws.com" | filter eventName = "CreateAccessKey" | filter recipientAccountId = "111122223333" |',
    );
    const versioned = finding({ eventSource: 'lambda.amazonaws.com', eventName: 'DeleteFunction20150331' });
    expect(digestQuery(digestOf([versioned]))).toContain('filter eventName like "DeleteFunction"');
  });

  test('spans the window and an hour either side', () => {
    expect(digestLink(FEW)).toContain(
      "end~'2026*2d11*2d20T04*3a20*3a00*2e000Z~start~'2026*2d11*2d20T01*3a20*3a00*2e000Z",
    );
    expect(digestLink(FEW)).toContain("source~(~'*2faws*2fcloudtrail*2fmain)");
  });

  test('of the ceiling finds a few by their ids, more by their calls', () => {
    const distinct = (index: number) => of(`u${index}`, { eventID: `6f1c6a9a-0000-4000-8000-00000000000${index}` });
    expect(digestQuery(digestOf([distinct(1), distinct(2)], 'ceiling'))).toContain(
      'filter eventID in ["6f1c6a9a-0000-4000-8000-000000000001", "6f1c6a9a-0000-4000-8000-000000000002"]',
    );
    expect(digestQuery(digestOf([distinct(1), distinct(1)], 'ceiling'))).toContain(
      'filter eventName in ["CreateAccessKey"]',
    );
  });

  test('is left out where the log group is unknown', () => {
    const digest = { ...FEW, window: { ...FEW.window, place: undefined } };
    expect(digestLink(digest)).toBeUndefined();
    expect(renderDigest(digest, 'alerts')[0]?.Message).not.toContain('Links');
  });
});

describe('the window of a digest', () => {
  test('survives being written and read', () => {
    for (const kind of ['storm', 'ceiling'] as const) {
      const window = digestWindowOf(of('bob'), kind, WINDOW, kind === 'storm' ? undefined : 'chat');
      expect(readDigestWindow(JSON.stringify(window))).toEqual(JSON.parse(JSON.stringify(window)));
    }
  });

  test.each(['', 'null', '{}', '{"version":2}'])('is none where %j was kept', (text) => {
    expect(readDigestWindow(text)).toBeUndefined();
  });
});
