import { PAYMENTS, user } from './actors.ts';
import { hex } from './identifiers.ts';
import { HOME } from './record.ts';

const FROM = '203.0.113.77';
const userName = 'support-temp';

/** The user whose access key was stolen, and whoever holds it. */
export const stolen = user(PAYMENTS, 'build-legacy', FROM, 'AKIAIOSFODNN7EXAMPLE');
/** The user the intruder made, with the access key made for it. */
export const planted = user(PAYMENTS, userName, FROM, 'AKIAI44QH8DHBEXAMPLE');
/** The same user in the console. */
export const plantedInConsole = user(PAYMENTS, userName, FROM);

/** The ARN of a trail of the payments account. */
export const trail = (name: string) => `arn:aws:cloudtrail:${HOME}:${PAYMENTS}:trail/${name}`;

/** What the intrusion touched, for those who put it right. */
export const TOUCHED = {
  keyId: `arn:aws:kms:${HOME}:${PAYMENTS}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
  trail: trail('audit-legacy'),
  snapshotId: 'snap-0a9b8c7d6e5f40312',
  groupId: 'sg-0a1b2c3d4e5f60718',
  instances: [1, 2, 3, 4].map((n) => `i-0${hex(n, 16)}`),
  permission: { ipProtocol: 'tcp', fromPort: 22, toPort: 22, ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } },
  bucketName: 'prod-payments-exports',
  userName,
} as const;
