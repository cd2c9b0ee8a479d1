import { accounts, story } from '../../../cli/demo/story/index.ts';
import { readSeverities } from '../../../cli/severities-folder.ts';
import { compilePolicy, type Policy } from '../../../function/core/policy.ts';
import { ROOT } from '../command-line.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The shipped severities, with the names that the company of the demo gives its accounts. */
export async function companyPolicy(): Promise<Policy> {
  return compilePolicy({ ...(await readSeverities(`${ROOT}/severities`)), accounts });
}

/** The demo's company through some days: its story on the last of them, its working day and much like it on the others. */
export function companyDays(days: number): readonly Fields[] {
  return Array.from({ length: days }, (_, index) => {
    const day = new Date(Date.UTC(2026, 10, 20 - (days - 1 - index)));
    const told = story(day);
    const isLast = index === days - 1;
    const usual = isLast ? told : told.filter(({ sourceIPAddress }) => sourceIPAddress !== '203.0.113.77');
    return [...usual, ...chores(day, index), ...(index % 9 === 4 ? openings(day) : [])].sort((a, b) =>
      String(a['eventTime']) < String(b['eventTime']) ? -1 : 1,
    );
  }).flat();
}

/** What a company's tools do that severities rate high until somebody tells them better. */
const CHORES: readonly (readonly [source: string, name: string, role: string, each: number])[] = [
  ['kms', 'ScheduleKeyDeletion', 'key-rotation', 2],
  ['iam', 'CreateAccessKey', 'mail-relay-setup', 1],
  ['s3', 'DeleteBucket', 'preview-environments', 9],
  ['rds', 'DeleteDBInstance', 'preview-environments', 4],
  ['cloudformation', 'DeleteStack', 'preview-environments', 7],
  ['ec2', 'AuthorizeSecurityGroupIngress', 'network-tools', 3],
  ['iam', 'DeleteRole', 'preview-environments', 5],
  ['secretsmanager', 'DeleteSecret', 'secret-rotation', 2],
];

function chores(day: Date, index: number): readonly Fields[] {
  const date = day.toISOString().slice(0, 10);
  const isWeekend = day.getUTCDay() % 6 === 0;
  return CHORES.flatMap(([source, name, role, each], chore) =>
    Array.from({ length: isWeekend ? 1 : each + ((index + chore) % 3) }, (_, n): Fields => {
      const [hour, minute] = [7 + ((chore * 3 + n * 2 + index) % 12), (n * 17 + chore * 7) % 60];
      const account = chore % 3 === 0 ? '111122223333' : '123456789012';
      return {
        eventVersion: '1.11',
        eventTime: `${date}T${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:09Z`,
        eventSource: `${source}.amazonaws.com`,
        eventName: name,
        awsRegion: source === 'iam' ? 'us-east-1' : chore % 2 === 0 ? 'eu-central-1' : 'eu-west-1',
        sourceIPAddress: `198.51.100.${20 + chore}`,
        userAgent: 'aws-sdk-go-v2/1.39.2',
        userIdentity: {
          type: 'AssumedRole',
          arn: `arn:aws:sts::${account}:assumed-role/${role}/run`,
          accountId: account,
          sessionContext: {
            sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${account}:role/${role}`, userName: role },
          },
        },
        requestParameters: { name: `resource-${index}-${n}` },
        eventID: `0000000${chore}-0000-4000-a000-${String(index * 100 + n).padStart(12, '0')}`,
        eventType: 'AwsApiCall',
        readOnly: false,
        recipientAccountId: account,
      };
    }),
  );
}

/** One hour in which somebody's loop opens SSH of many security groups to the Internet. */
function openings(day: Date): readonly Fields[] {
  const date = day.toISOString().slice(0, 10);
  return Array.from(
    { length: 46 },
    (_, n): Fields => ({
      eventVersion: '1.11',
      eventTime: `${date}T14:${String(n).padStart(2, '0')}:31Z`,
      eventSource: 'ec2.amazonaws.com',
      eventName: 'AuthorizeSecurityGroupIngress',
      awsRegion: 'eu-west-1',
      sourceIPAddress: '192.0.2.61',
      userAgent: 'Boto3/1.40.61 md/Botocore#1.40.61',
      userIdentity: {
        type: 'IAMUser',
        arn: 'arn:aws:iam::210987654321:user/dana',
        accountId: '210987654321',
        userName: 'dana',
      },
      requestParameters: {
        groupId: `sg-0${String(n).padStart(16, 'a')}`,
        ipPermissions: {
          items: [{ ipProtocol: 'tcp', fromPort: 22, toPort: 22, ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } }],
        },
      },
      responseElements: { _return: true },
      eventID: `0000000f-0000-4000-a000-${date.replaceAll('-', '')}${String(n).padStart(4, '0')}`,
      eventType: 'AwsApiCall',
      readOnly: false,
      recipientAccountId: '210987654321',
    }),
  );
}
