import { type Actor, linked, PAYMENTS, SHARED, service, session } from './actors.ts';
import { hex, mix, seedOf, uuid } from './identifiers.ts';
import { clock, HOME, type Step } from './record.ts';

const DAY_SECONDS = 86_400;
const keyArn = (account: string, name: string) => `arn:aws:kms:${HOME}:${account}:key/${uuid(seedOf(account + name))}`;

/** `count` moments spread over the day, in seconds, none of them on the beat. */
function moments(count: number, seed: number): number[] {
  const gap = DAY_SECONDS / count;
  return Array.from({ length: count }, (_, index) => Math.floor(index * gap + (mix(seed, index) % Math.floor(gap))));
}

const worker = (account: string, role: string, invokedBy?: string) =>
  session({ account, role, session: role, ...(invokedBy === undefined ? { ip: '198.51.100.9' } : { invokedBy }) });

/** Who asks for a key, what for, and the encryption context that says so. */
const KEY_USES: readonly ((account: string, n: number) => readonly [Actor, string, string, object])[] = [
  (account) => [
    worker(account, 'payments-api', 'secretsmanager.amazonaws.com'),
    'Decrypt',
    'secrets',
    { SecretARN: `arn:aws:secretsmanager:${HOME}:${account}:secret:payments/database-Ab12Cd` },
  ],
  (account, n) => [
    service(account, 'cloudtrail.amazonaws.com'),
    'GenerateDataKey',
    'trail',
    {
      'aws:cloudtrail:arn': `arn:aws:cloudtrail:${HOME}:${account}:trail/trailbell`,
      'aws:s3:arn': `arn:aws:s3:::trail-${account}/AWSLogs/${account}/CloudTrail/${HOME}/${hex(n, 16)}.json.gz`,
    },
  ],
  (account, n) => [
    worker(account, 'invoice-render', 'AWS Internal'),
    'Decrypt',
    'documents',
    { 'aws:s3:arn': `arn:aws:s3:::invoices-${account}/2026/${hex(n, 8)}.pdf` },
  ],
  (account) => [
    worker(account, 'log-shipping', 'logs.amazonaws.com'),
    'GenerateDataKey',
    'streams',
    { 'aws:kinesis:arn': `arn:aws:kinesis:${HOME}:${account}:stream/application-logs` },
  ],
  (account) => [
    service(account, 'dynamodb.amazonaws.com'),
    'Decrypt',
    'tables',
    { 'aws:dynamodb:tableName': 'ledger', 'aws:dynamodb:subscriberId': account },
  ],
];

function keyUse(second: number, n: number): Step {
  const account = n % 3 === 2 ? SHARED : PAYMENTS;
  const [by, eventName, key, encryptionContext] = KEY_USES[n % KEY_USES.length]!(account, n);
  const arn = keyArn(account, key);
  const how = eventName === 'Decrypt' ? { encryptionAlgorithm: 'SYMMETRIC_DEFAULT' } : { keySpec: 'AES_256' };
  return {
    at: clock(second),
    by,
    call: `kms/${eventName}`,
    request: { keyId: arn, ...how, encryptionContext },
    more: { resources: [{ accountId: account, type: 'AWS::KMS::Key', ARN: arn }] },
  };
}

const ROLES: readonly (readonly [string, string])[] = [
  ['lambda.amazonaws.com', 'payments-api'],
  ['ecs-tasks.amazonaws.com', 'checkout-task'],
  ['ec2.amazonaws.com', 'web-instance'],
  ['lambda.amazonaws.com', 'invoice-render'],
  ['config.amazonaws.com', 'aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig'],
];

function roleUse(second: number, n: number): Step {
  const account = n % 4 === 3 ? SHARED : PAYMENTS;
  const [name, role] = ROLES[n % ROLES.length]!;
  const roleArn = `arn:aws:iam::${account}:role/${role}`;
  return {
    at: clock(second),
    by: service(account, name),
    call: 'sts/AssumeRole',
    request: { roleArn, roleSessionName: hex(n, 16), durationSeconds: 3600 },
    response: { credentials: { accessKeyId: 'ASIAIOSFODNN7EXAMPLE' } },
    more: { resources: [{ accountId: account, type: 'AWS::IAM::Role', ARN: roleArn }], sharedEventID: uuid(mix(n, 7)) },
  };
}

const LOOKS: readonly (readonly [string, object | undefined])[] = [
  ['ec2/DescribeInstances', { instancesSet: {}, filterSet: {} }],
  ['monitoring/DescribeAlarms', { maxRecords: 100 }],
  ['lambda/ListFunctions20150331', undefined],
  ['rds/DescribeDBInstances', undefined],
  ['logs/DescribeLogGroups', { limit: 50 }],
  ['ecs/ListTasks', { cluster: 'checkout' }],
  ['cloudtrail/DescribeTrails', undefined],
  ['s3/GetBucketLocation', { bucketName: 'invoices-111122223333', Host: 's3.eu-central-1.amazonaws.com' }],
  ['elasticloadbalancing/DescribeTargetHealth', undefined],
];

function look(second: number, n: number): Step {
  const [call, request] = LOOKS[n % LOOKS.length]!;
  const by =
    n % 2 === 0 ? worker(PAYMENTS, 'observability-reader') : linked(PAYMENTS, 'Config', 'config.amazonaws.com');
  return { at: clock(second), by, call, ...(request === undefined ? {} : { request }) };
}

/** What machines do all day: most of a real trail, and nothing anybody wants to hear about. */
export function background(): Step[] {
  return [...moments(212, 1).map(keyUse), ...moments(38, 2).map(roleUse), ...moments(30, 3).map(look)];
}
