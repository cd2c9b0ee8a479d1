import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { initCommand } from '../../cli/init.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { accountsSchema } from '../../function/core/severities/schema.ts';
import { parseConfig } from '../../infra/load-config.ts';
import { ApiError, type ApiScript, type AwsApi, IDENTITY, recordingIo, startAwsApi } from './aws-api.ts';

const TRAIL = {
  Name: 'management-events',
  TrailARN: 'arn:aws:cloudtrail:eu-central-1:111122223333:trail/management-events',
  HomeRegion: 'eu-central-1',
  IsMultiRegionTrail: true,
  IsOrganizationTrail: false,
  CloudWatchLogsLogGroupArn: 'arn:aws:logs:eu-central-1:111122223333:log-group:cloudtrail/all:*',
};
const NO_ORGANIZATION = new ApiError('AWSOrganizationsNotInUseException', 'no organization');

const EMPTY: ApiScript = {
  GetCallerIdentity: () => IDENTITY,
  DescribeTrails: () => ({ trailList: [] }),
  DescribeOrganization: () => NO_ORGANIZATION,
};
const WITH_TRAIL: ApiScript = {
  ...EMPTY,
  DescribeTrails: () => ({ trailList: [TRAIL] }),
  GetTrailStatus: () => ({ IsLogging: true }),
  DescribeSubscriptionFilters: () => ({ subscriptionFilters: [] }),
};

let root: string;
let api: AwsApi | undefined;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'init-'));
});

afterEach(async () => {
  await api?.close();
  api = undefined;
  await rm(root, { recursive: true });
});

async function init(script: ApiScript, options: Record<string, string> = {}) {
  api = await startAwsApi(script);
  const io = recordingIo(root);
  const given = { region: 'eu-central-1', email: 'security@example.com', ...options };
  const code = await initCommand.run({ inputs: [], options: given }, io);
  return { code, output: io.output(), said: io.said() };
}

const read = (path: string) => readFile(join(root, path), 'utf8');
const config = async () => parseConfig(await read('infra/config.json'), 'infra/config.json');
const accounts = async () => {
  const { $schema: _, ...rows } = JSON.parse(await read('severities/local/accounts.json'));
  return accountsSchema.parse(rows);
};

describe('init in an account without a trail', () => {
  it('writes a configuration that loads, creates a trail and names this account only', async () => {
    const { code, output } = await init(EMPTY);
    expect(code).toBe(0);
    expect(await config()).toMatchObject({
      trail: 'create',
      region: 'eu-central-1',
      allowedAccountIds: ['111122223333'],
      catchAll: { subscriptions: [{ protocol: 'email', endpoint: 'security@example.com' }] },
    });
    expect(output).toContain('Account 111122223333, in no organization; you are arn:aws:iam::111122223333:user/alice.');
    expect(output).toContain('No trail records in eu-central-1.');
  });

  it('writes an accounts file that loads, with a name to replace', async () => {
    await init(EMPTY);
    expect(await accounts()).toEqual({ '111122223333': { name: 'account-111122223333' } });
  });

  it('says when the mail address is still to be written', async () => {
    api = await startAwsApi(EMPTY);
    const io = recordingIo(root);
    await initCommand.run({ inputs: [], options: { region: 'eu-central-1' } }, io);
    expect(io.said()).toMatch(/write the mail address .* --email/);
  });
});

describe('init where a trail is', () => {
  it('takes the log group the trail writes to, and says that a second trail is billed', async () => {
    const { output, said } = await init(WITH_TRAIL);
    expect((await config()).trail).toEqual({ logGroupName: 'cloudtrail/all', trailArn: TRAIL.TrailARN });
    expect(output).toContain('A second trail would be billed by the record.');
    expect(said).toBe('');
  });

  it('goes to the Region of the log group', async () => {
    const elsewhere = TRAIL.CloudWatchLogsLogGroupArn.replace('eu-central-1', 'us-east-1');
    const { output } = await init({
      ...WITH_TRAIL,
      DescribeTrails: () => ({ trailList: [{ ...TRAIL, CloudWatchLogsLogGroupArn: elsewhere }] }),
    });
    expect((await config()).region).toBe('us-east-1');
    expect(output).toContain('The stack goes to us-east-1');
  });

  it.each([
    ['writes to no log group', { CloudWatchLogsLogGroupArn: undefined }],
    [
      "writes to another account's",
      { CloudWatchLogsLogGroupArn: 'arn:aws:logs:eu-central-1:123456789012:log-group:x:*' },
    ],
  ])('creates a trail when the one there %s, and warns of its cost', async (_, change) => {
    const { said } = await init({ ...WITH_TRAIL, DescribeTrails: () => ({ trailList: [{ ...TRAIL, ...change }] }) });
    expect((await config()).trail).toBe('create');
    expect(said).toContain('billed by the record');
  });

  it.each([
    [
      'two filters are taken',
      {
        DescribeSubscriptionFilters: () => ({ subscriptionFilters: [{ filterName: 'siem' }, { filterName: 'lake' }] }),
      },
      /siem, lake.*deploying will fail/,
    ],
    [
      'filters cannot be counted',
      { DescribeSubscriptionFilters: () => new ApiError('AccessDeniedException') },
      /logs:DescribeSubscriptionFilters is not allowed/,
    ],
    ['the trail does not log', { GetTrailStatus: () => ({ IsLogging: false }) }, /not logging/],
    [
      'the trail covers one Region',
      { DescribeTrails: () => ({ trailList: [{ ...TRAIL, IsMultiRegionTrail: false }] }) },
      /one Region only/,
    ],
  ])('warns when %s, and goes on', async (_, change, words) => {
    const { code, said } = await init({ ...WITH_TRAIL, ...change });
    expect(code).toBe(0);
    expect(said).toMatch(words);
  });

  it('prefers a log group with a free filter over a trail of the whole organization', async () => {
    const full = {
      ...TRAIL,
      Name: 'org',
      TrailARN: `${TRAIL.TrailARN}-org`,
      IsOrganizationTrail: true,
      CloudWatchLogsLogGroupArn: TRAIL.CloudWatchLogsLogGroupArn.replace('all', 'full'),
    };
    await init({
      ...WITH_TRAIL,
      DescribeTrails: () => ({ trailList: [full, TRAIL] }),
      DescribeSubscriptionFilters: ({ input }) => ({
        subscriptionFilters:
          input['logGroupName'] === 'cloudtrail/full' ? [{ filterName: 'a' }, { filterName: 'b' }] : [],
      }),
    });
    expect((await config()).trail).toMatchObject({ logGroupName: 'cloudtrail/all' });
  });
});

describe('init in an organization', () => {
  const ORGANIZATION: ApiScript = {
    ...EMPTY,
    DescribeOrganization: () => ({ Organization: { Id: 'o-exampleorgid', MasterAccountId: '111122223333' } }),
    ListAccounts: ({ input }) =>
      input['NextToken'] === undefined
        ? { Accounts: [{ Id: '111122223333', Name: 'management', Status: 'ACTIVE' }], NextToken: 'next' }
        : {
            Accounts: [{ Id: '123456789012', Name: 'prod-payments', Status: 'ACTIVE' }],
          },
  };

  it('writes the names of all active accounts, page by page', async () => {
    await init(ORGANIZATION);
    expect(await accounts()).toEqual({
      '111122223333': { name: 'management' },
      '123456789012': { name: 'prod-payments' },
    });
  });

  it('names no account that is suspended', async () => {
    const Accounts = [{ Id: '123456789012', Name: 'gone', State: 'SUSPENDED' }];
    await init({ ...ORGANIZATION, ListAccounts: () => ({ Accounts }) });
    expect(Object.keys(await accounts())).toEqual(['111122223333']);
  });

  it('tells the management account how to record every account, and does not do so by itself', async () => {
    const { output } = await init(ORGANIZATION);
    expect(output).toContain('"organizationId": "o-exampleorgid"');
    expect((await config()).trailOptions.organizationId).toBeUndefined();
  });

  it('names the permission that names would need', async () => {
    const { code, output } = await init({ ...ORGANIZATION, ListAccounts: () => new ApiError('AccessDeniedException') });
    expect(code).toBe(0);
    expect(output).toContain('Not allowed: organizations:ListAccounts');
  });
});

describe('init that must not go on', () => {
  it('never overwrites a configuration, and asks AWS nothing', async () => {
    await mkdir(join(root, 'infra'));
    await writeFile(join(root, 'infra/config.json'), 'mine');
    const { code, said } = await init(EMPTY);
    expect(code).toBe(1);
    expect(said).toMatch(/stays as it is; remove it, or write elsewhere with --out FILE/);
    expect(await read('infra/config.json')).toBe('mine');
    expect(api?.calls).toEqual([]);
  });

  it('leaves an accounts file as it is', async () => {
    await mkdir(join(root, 'severities/local'), { recursive: true });
    await writeFile(join(root, 'severities/local/accounts.json'), 'mine');
    const { code, output } = await init(EMPTY);
    expect(code).toBe(0);
    expect(await read('severities/local/accounts.json')).toBe('mine');
    expect(output).toContain('Left ');
  });

  it('writes where --out says', async () => {
    await init(EMPTY, { out: join(root, 'other.json') });
    expect(parseConfig(await read('other.json'), 'other.json').trail).toBe('create');
  });

  it.each([
    [
      'the permission to see trails is missing',
      { DescribeTrails: () => new ApiError('AccessDeniedException') },
      /may not cloudtrail:DescribeTrails/,
    ],
    [
      'the credentials have expired',
      { GetCallerIdentity: () => new ApiError('ExpiredToken', 'expired', 403) },
      /no usable AWS credentials: sign in/,
    ],
    [
      'AWS refuses for another reason',
      { DescribeTrails: () => new ApiError('InternalServiceException') },
      /refused cloudtrail:DescribeTrails: InternalServiceException/,
    ],
  ])('says in a sentence that %s, and writes nothing', async (_, change, words) => {
    const { code, said } = await init({ ...EMPTY, ...change });
    expect(code).toBe(1);
    expect(said).toMatch(words);
    await expect(read('infra/config.json')).rejects.toThrow('ENOENT');
  });

  it('asks for a Region when there is none', async () => {
    api = await startAwsApi(EMPTY);
    const io = recordingIo(root);
    expect(await initCommand.run({ inputs: [], options: {} }, io)).toBe(1);
    expect(io.said()).toContain('no Region: give --region');
  });

  it('refuses a mail address that is none', async () => {
    await expect(init(EMPTY, { email: 'nobody' })).rejects.toThrow(UsageError);
  });
});
