import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { publishDueDigests } from '../../function/sinks/digests.ts';
import { BoundedCalls } from '../../function/sinks/ledger/bounded-calls.ts';
import { Budget } from '../../function/sinks/ledger/budget.ts';
import { Table } from '../../function/sinks/ledger/table.ts';
import { createLogger } from '../../function/sinks/logger.ts';
import { topicArn, within } from '../support/environment.ts';
import { type LedgerFault, refusal, startLedger, type TestLedger } from '../support/ledger.ts';
import { keysOn, runWith } from '../support/ledger-run.ts';
import { eventOf, record, TIME } from '../support/payloads.ts';
import { sns } from '../support/sns-client.ts';

let ledger: TestLedger;
beforeEach(async () => {
  ledger = await startLedger();
});
afterEach(() => ledger.close());

const deletions = (count: number, user = 'alice', eventName = 'DeleteVolume') =>
  Array.from({ length: count }, (_, index) =>
    record(eventName, {
      eventID: `${user}-${index}`,
      requestParameters: { volumeId: `vol-${index}` },
      userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::123456789012:user/${user}`, userName: user },
    }),
  );

async function digests(
  minutes: number,
  options: {
    refuses?: (message: string, topic: string) => string | undefined;
    fault?: LedgerFault;
    milliseconds?: number;
  } = {},
) {
  const { load, sent } = sns(options.refuses);
  const deadline = within(options.milliseconds ?? 20_000);
  const calls = new BoundedCalls(ledger.loader(options.fault).load, 20);
  const log: string[] = [];
  const figures = await publishDueDigests(
    {
      table: new Table(ledger.table, calls, new Budget(20_000, deadline)),
      loadSns: load,
      topics: new Map((['alerts', 'findings', 'chat'] as const).map((name) => [name, topicArn(name)])),
      logger: createLogger({ write: (line: string) => void log.push(line) }),
      now: () => new Date(Date.parse(TIME) + minutes * 60_000),
    },
    deadline,
  );
  return { figures, sent, log };
}
const windows = async () => (await ledger.rows()).filter(({ pk }) => pk === 'windows');

describe('digests', () => {
  test('name every target that was held back, on every topic, once the window is over', async () => {
    const { sent: heard, figures: run } = await runWith(ledger, eventOf(deletions(30)));
    expect((await digests(0)).sent).toEqual([]);
    const { sent, figures } = await digests(65);
    expect(figures).toEqual({ digests: 1, digested: run?.['alerts/heldBack'], digestsFailed: 0 });
    expect(sent.map(({ topic }) => topic).sort()).toEqual(['alerts', 'chat', 'findings']);
    const published = new Set(keysOn(heard).map((key) => key.replace('alice-', 'vol-')));
    for (const topic of ['alerts', 'findings']) {
      const { Message = '' } = sent.find((message) => message.topic === topic) ?? {};
      for (let index = 0; index < 30; index++) {
        const names = new RegExp(`\\bvol-${index}\\b`).test(Message);
        expect(names, `vol-${index}`).toBe(!published.has(`vol-${index}`));
      }
    }
    expect(await windows()).toEqual([]);
    expect((await digests(70)).sent).toEqual([]);
  });

  test('of a ceiling go to its topic alone', async () => {
    const users = Array.from({ length: 15 }, (_, index) => deletions(1, `user-${index}`));
    await runWith(ledger, eventOf(users.flat()), { variables: { MESSAGES_PER_MINUTE: '10' } });
    const { sent, figures } = await digests(65);
    expect(figures).toEqual({ digests: 2, digested: 10, digestsFailed: 0 });
    expect(sent.map(({ topic }) => topic).sort()).toEqual(['alerts', 'findings']);
  });

  test('that a topic refuses are tried again for that topic alone', async () => {
    await runWith(ledger, eventOf(deletions(30)));
    const first = await digests(65, { refuses: (_, topic) => (topic === 'chat' ? 'AuthorizationError' : undefined) });
    expect(first.figures).toMatchObject({ digests: 0, digestsFailed: 1 });
    expect(first.log.join('')).toContain('digest_not_delivered');
    const second = await digests(70);
    expect(second.sent.map(({ topic }) => topic)).toEqual(['chat']);
    expect(await windows()).toEqual([]);
  });

  test('that one topic keeps putting off go to the others, those of every window, once', async () => {
    const eventNames = ['DeleteVolume', 'DeleteSnapshot', 'DeleteVpc', 'DeleteSubnet', 'DeleteKeyPair', 'DeleteFleets'];
    for (const [index, eventName] of eventNames.entries()) {
      await runWith(ledger, eventOf(deletions(10, `user-${index}`, eventName)));
    }
    const throttled = {
      refuses: (_: string, topic: string) => (topic === 'chat' ? 'ThrottlingException' : undefined),
      milliseconds: 3_000,
    };
    const runs = [await digests(65, throttled), await digests(70, throttled)];
    const heard = runs.flatMap(({ sent }) => sent.map(({ topic, Message }) => `${topic} ${Message.slice(0, 2_000)}`));
    expect(new Set(heard).size).toBe(heard.length);
    expect(heard.filter((message) => message.startsWith('alerts'))).toHaveLength(eventNames.length);
    expect(runs.every(({ figures }) => figures.digestsFailed > 0)).toBe(true);
    const last = await digests(75);
    expect(last.sent.map(({ topic }) => topic)).toEqual(eventNames.map(() => 'chat'));
    expect(await windows()).toEqual([]);
  }, 30_000);

  test('whose windows the ledger does not forget are not sent again', async () => {
    await runWith(ledger, eventOf(deletions(30)));
    const fault: LedgerFault = ({ command }) =>
      command === 'DeleteItemCommand' ? Promise.reject(refusal('AccessDeniedException', 400)) : undefined;
    const first = await digests(65, { fault });
    expect([first.sent.length, first.figures.digestsFailed]).toEqual([3, 1]);
    expect((await digests(70, { fault })).sent).toEqual([]);
    const last = await digests(75);
    expect([last.sent, last.figures.digests]).toEqual([[], 1]);
    expect(await windows()).toEqual([]);
  });

  test('of nothing that could be kept are none', async () => {
    await runWith(ledger, eventOf(deletions(30)), {
      fault: ({ command, input }) =>
        command === 'BatchWriteItemCommand' && input.includes('"held#')
          ? Promise.reject(refusal('AccessDeniedException', 400))
          : undefined,
    });
    expect(await windows()).toHaveLength(1);
    const { sent, figures } = await digests(65);
    expect([sent, figures]).toEqual([[], { digests: 0, digested: 0, digestsFailed: 0 }]);
    expect(await windows()).toEqual([]);
  });

  test('stay due while the ledger does not give what they need', async () => {
    await runWith(ledger, eventOf(deletions(30)));
    const { sent, figures } = await digests(65, {
      fault: ({ input }) =>
        input.includes('"held#') ? Promise.reject(refusal('InternalServerError', 500)) : undefined,
    });
    expect([sent, figures.digestsFailed]).toEqual([[], 1]);
    expect((await digests(70)).figures).toMatchObject({ digests: 1, digestsFailed: 0 });
  });

  test('stay due when nothing of what they are to tell can be read, and count what they cannot name', async () => {
    const { figures: run } = await runWith(ledger, eventOf(deletions(30)));
    const held = (await ledger.rows()).filter(({ pk }) => pk?.startsWith('held#'));
    for (const { pk = '', sk = '' } of held) await ledger.put({ pk, sk, finding: '{"version":9}' });
    const { figures, sent, log } = await digests(65);
    expect([figures.digestsFailed, sent]).toEqual([1, []]);
    expect(log.join('')).toContain('"code":"held_findings_unreadable"');
    const [{ pk = '', sk = '', finding = '' } = {}] = held;
    await ledger.put({ pk, sk, finding });
    const next = await digests(70);
    expect(next.figures).toEqual({ digests: 1, digested: run?.['alerts/heldBack'], digestsFailed: 0 });
  });

  test('of more targets than a message holds come in parts, and name every one', async () => {
    const names = Array.from({ length: 700 }, (_, index) => `volume-${index}-${'x'.repeat(400)}`);
    const records = names.map((volumeId, index) =>
      record('DeleteVolume', { eventID: `many-${index}`, requestParameters: { volumeId } }),
    );
    for (let from = 0; from < records.length; from += 100) {
      await runWith(ledger, eventOf(records.slice(from, from + 100)));
    }
    const held = (await ledger.rows()).filter(({ pk }) => pk?.startsWith('held#'));
    const { sent } = await digests(65);
    const documents = sent.filter(({ topic }) => topic === 'findings').map(({ Message }) => Message);
    expect(documents.length).toBeGreaterThan(1);
    for (const document of documents) expect(Buffer.byteLength(document)).toBeLessThan(262_144);
    const all = documents.join('\n');
    for (const row of held) {
      const { target } = JSON.parse(row['finding'] ?? '') as { target: string };
      expect(all).toContain(/volume-\d+-x/.exec(target)?.[0]);
    }
  });
});
