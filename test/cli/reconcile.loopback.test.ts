import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { reconcileCommand } from '../../cli/reconcile.ts';
import { ApiError, startAwsApi } from './aws-api.ts';
import { runCommand } from './command-line.ts';
import { type LoopbackStack, startStack } from './redrive/loopback-stack.ts';
import { BUCKET, keyOf, recordsFrom, startTrail, type Trail } from './run/trail.ts';
import { idOf, recordOf, WHITELISTED } from './sample-records.ts';

let stack: LoopbackStack;
let trail: Trail;
let outputs: string;

beforeEach(async () => {
  stack = await startStack();
  trail = await startTrail(new URL(stack.queueUrl).origin);
  outputs = await stack.outputs();
});

afterEach(async () => {
  await trail.close();
  await stack.close();
});

const place = `s3://${BUCKET}/AWSLogs/`;
const reconcile = (options: Record<string, string | boolean> = {}, inputs = [place]) =>
  runCommand(reconcileCommand, inputs, { since: '24h', outputs, rate: '100', ...options });

/** The key of a file that came so many minutes ago. */
function keyFrom(minutesAgo: number, name = 'a'): string {
  const time = new Date(Date.now() - minutesAgo * 60_000).toISOString();
  return keyOf(name, { day: time.slice(0, 10).replaceAll('-', '/'), time: time.slice(11, 16).replace(':', '') });
}

async function remember(id: string, ...topics: readonly string[]): Promise<void> {
  for (const topic of topics) await stack.remember(topic, id, 'sent', 3_600);
}

describe('reconcile', () => {
  it('is content where every finding was sent, on every topic', async () => {
    await trail.putFile(keyFrom(60), [...recordsFrom(0, 3), recordOf(9, WHITELISTED)]);
    for (const number of [0, 1, 2]) await remember(idOf(number), 'alerts', 'findings');
    const { code, stdout } = await reconcile();
    expect(stdout).toMatch(
      /^1 object\(s\) since \S+, 4 record\(s\), 3 finding\(s\): 3 sent, 0 missed, 0 by a count unsure\n$/,
    );
    expect(code).toBe(0);
  });

  it('lists what was missed, by topic, and sends nothing unasked', async () => {
    await trail.putFile(keyFrom(60), recordsFrom(0, 3));
    await remember(idOf(0), 'alerts', 'findings');
    await remember(idOf(1), 'alerts');
    const { code, lines, stderr } = await reconcile();
    expect(code).toBe(1);
    expect(lines).toEqual([
      expect.stringMatching(new RegExp(`^missed  .*\\[CRITICAL\\] .*${idOf(1)}  \\(findings\\)$`)),
      expect.stringMatching(new RegExp(`^missed  .*${idOf(2)}  \\(alerts, findings\\)$`)),
      expect.stringContaining('3 finding(s): 1 sent, 2 missed'),
    ]);
    expect(stderr).toContain('reconcile --send publishes what was missed');
    expect(await stack.delivered()).toEqual([]);
  });

  it('--send publishes what was missed, once, and remembers it', async () => {
    await trail.putFile(keyFrom(60), recordsFrom(0, 3));
    await trail.putFile(keyFrom(50, 'b'), recordsFrom(2, 1));
    await remember(idOf(0), 'alerts', 'findings');
    await remember(idOf(1), 'alerts');
    const { code, stdout } = await reconcile({ send: true });
    expect(code).toBe(0);
    expect(stdout).toMatch(/sent 3, sent before 0, left 0\n$/);
    const bodies = await stack.delivered();
    const documents = bodies.flatMap((body) =>
      body.startsWith('{') ? [JSON.parse(body) as { dedupKey: string }] : [],
    );
    expect(documents.map(({ dedupKey }) => dedupKey).sort()).toEqual([idOf(1), idOf(2)]);
    expect(bodies).toHaveLength(3);
    expect(await stack.remembered('alerts', idOf(2))).toBe('sent');
    expect((await reconcile({ send: true })).code).toBe(0);
    expect(await stack.delivered()).toEqual([]);
  });

  it('leaves out what came before, and what may still be on its way', async () => {
    await trail.putFile(keyFrom(60 * 30, 'old'), recordsFrom(0, 1));
    await trail.putFile(keyFrom(3, 'new'), recordsFrom(1, 1));
    const { code, stdout, stderr } = await reconcile();
    expect(stdout).toContain('0 object(s)');
    expect(stderr).toContain('no CloudTrail file came to');
    expect(code).toBe(1);
  });

  it('proves nothing where an object cannot be read, and reads the others', async () => {
    await trail.putFile(keyFrom(60, 'a'), recordsFrom(0, 1));
    await trail.put(keyFrom(50, 'b'), 'no gzip');
    await trail.putFile(keyFrom(40, 'c'), recordsFrom(1, 1));
    for (const number of [0, 1]) await remember(idOf(number), 'alerts', 'findings');
    const { code, stdout, stderr } = await reconcile();
    expect(stdout).toContain('2 finding(s): 2 sent, 0 missed');
    expect(stderr).toContain('1 object(s) were not read');
    expect(code).toBe(1);
  });

  it('tells findings by a count apart, and does not send them', async () => {
    const denied = (number: number) =>
      recordOf(number, {
        eventSource: 'signin.amazonaws.com',
        eventName: 'ConsoleLogin',
        userIdentity: { type: 'IAMUser', accountId: '111122223333', userName: 'alice' },
        responseElements: { ConsoleLogin: 'Failure' },
        errorMessage: 'Failed authentication',
      });
    await trail.putFile(
      keyFrom(60),
      Array.from({ length: 40 }, (_, number) => denied(number)),
    );
    const { stdout } = await reconcile({ send: true });
    expect(stdout).toMatch(/^unsure {2}/);
    expect(stdout).toContain('0 missed, 2 by a count unsure');
    expect(await stack.delivered()).toEqual([]);
  });

  it('finds the bucket by the log group of the stack, and says which permission is missing', async () => {
    await trail.putFile(keyFrom(60), recordsFrom(0, 1));
    const CloudWatchLogsLogGroupArn = 'arn:aws:logs:eu-central-1:111122223333:log-group:/trailbell/cloudtrail:*';
    const endpoint = process.env['AWS_ENDPOINT_URL'];
    let isAllowed = true;
    const trailList = [
      { Name: 'x', S3BucketName: 'x' },
      { CloudWatchLogsLogGroupArn, S3BucketName: BUCKET },
    ];
    const api = await startAwsApi({
      DescribeTrails: () => (isAllowed ? { trailList } : new ApiError('AccessDeniedException')),
    });
    vi.stubEnv('AWS_ENDPOINT_URL_CLOUDTRAIL', process.env['AWS_ENDPOINT_URL']);
    vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
    const found = await reconcile({}, []);
    expect(found.stdout).toContain('1 finding(s): 0 sent, 1 missed');
    isAllowed = false;
    const denied = await reconcile({}, []);
    expect(denied.code).toBe(1);
    expect(denied.stderr).toContain('the credentials in use may not cloudtrail:DescribeTrails');
    await api.close();
  });

  it('takes a place where the stack has no log group, and says so where it is given none', async () => {
    await trail.putFile(keyFrom(60), recordsFrom(0, 1));
    outputs = await stack.outputs({ log_group_name: undefined });
    expect((await reconcile()).stdout).toContain('1 finding(s): 0 sent, 1 missed');
    const { code, stdout, stderr } = await reconcile({}, []);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /no log group of records \("trail": "none".*name the place of the files, s3:\/\/BUCKET\/PREFIX/,
    );
  });

  it('says that it cannot know without a ledger', async () => {
    outputs = await stack.outputs({ ledger_table_name: undefined });
    const { code, stderr } = await reconcile();
    expect(code).toBe(1);
    expect(stderr).toContain('the stack has no ledger');
  });
});
