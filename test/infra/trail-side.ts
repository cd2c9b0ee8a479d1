import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { TerraformOutput, TerraformStack, Testing } from 'cdktf';
import { configSchema } from '../../infra/config.ts';
import { DataKey } from '../../infra/data-key.ts';
import { namesOf } from '../../infra/names.ts';
import { Place } from '../../infra/place.ts';
import { RecordLogGroup } from '../../infra/record-log-group.ts';
import { Trail } from '../../infra/trail.ts';
import { TrailBucket } from '../../infra/trail-bucket.ts';
import { ACCOUNT, arn, type PolicyDocument, REGION, resolve, type Synthesised } from './iam.ts';

export const MANAGEMENT = '123456789012';
export const ORGANIZATION = 'o-exampleorgid';
export const BUCKET = `trailbell-trail-${ACCOUNT}-${REGION}`;
export const TRAIL = arn('cloudtrail', 'trail/trailbell');
export const MANAGEMENT_TRAIL = TRAIL.replace(ACCOUNT, MANAGEMENT);
export const LOG_GROUP = arn('logs', 'log-group:/trailbell/cloudtrail');
export const OTHER_KEY = arn('kms', 'key/1234abcd-12ab-34cd-56ef-1234567890ab');

const EVERYONE = { subscriptions: [{ protocol: 'email', endpoint: 'security@example.com' }] };

/** The topologies of the trail that people deploy, as parts of a configuration. */
export const TOPOLOGIES: ReadonlyMap<string, object> = new Map([
  ['one account', {}],
  ['an object lock', { trailOptions: { objectLock: { mode: 'GOVERNANCE', days: 90 } } }],
  ['a key prefix', { trailOptions: { keyPrefix: 'audit' } }],
  ['an organization', { trailOptions: { organizationId: ORGANIZATION } }],
  ['a delegated administrator', { trailOptions: { organizationId: ORGANIZATION, managementAccountId: MANAGEMENT } }],
  ['a permissions boundary', { permissionsBoundary: `arn:aws:iam::${ACCOUNT}:policy/boundary` }],
  ['data that goes on destroy', { destroyData: true }],
  ['other retentions', { logRetentionDays: 30, trailOptions: { bucketRetentionDays: 731 } }],
  ['an existing key', { existingDataKeyArn: OTHER_KEY }],
]);

/** What the constructs tell stack.ts, references resolved. */
export interface Told {
  readonly bucketName: string;
  readonly bucketPolicy: PolicyDocument;
  readonly keyArn: string;
  readonly keyPolicy: PolicyDocument;
  readonly logGroupName: string;
  readonly logGroupArn: string;
}

/** The trail's half of a stack, synthesised as stack.ts wires it. */
export function trailSide(parts: object = {}): { readonly stack: Synthesised; readonly told: Told } {
  const config = configSchema.parse({
    allowedAccountIds: [ACCOUNT],
    region: REGION,
    state: { backend: 'local' },
    trail: 'create',
    catchAll: EVERYONE,
    operations: EVERYONE,
    ...parts,
  });
  const scope = new TerraformStack(Testing.app(), 'test');
  new AwsProvider(scope, 'aws', { region: REGION });
  const place = new Place(scope, 'place');
  const names = namesOf(config, place);
  const base = { config, names, place };
  const key = new DataKey(scope, 'data-key', base);
  const keyed = { ...base, dataKeyArn: key.arn, dataKeyDependencies: key.dependencies };
  const bucket = new TrailBucket(scope, 'trail-bucket', keyed);
  const logGroup = new RecordLogGroup(scope, 'record-log-group', keyed);
  if (config.trail === 'create') new Trail(scope, 'trail', { ...keyed, bucket, logGroup });
  const outputs = {
    bucketName: bucket.name,
    bucketPolicy: bucket.policy,
    keyArn: key.arn,
    keyPolicy: key.policy,
    logGroupName: logGroup.name,
    logGroupArn: logGroup.arn,
  };
  for (const [name, value] of Object.entries(outputs)) {
    new TerraformOutput(scope, name, { value }).overrideLogicalId(name);
  }
  const stack = JSON.parse(Testing.synth(scope));
  const told = (name: keyof typeof outputs) => resolve(stack, stack.output[name].value);
  return {
    stack,
    told: {
      bucketName: told('bucketName'),
      bucketPolicy: JSON.parse(told('bucketPolicy')),
      keyArn: told('keyArn'),
      keyPolicy: JSON.parse(told('keyPolicy')),
      logGroupName: told('logGroupName'),
      logGroupArn: told('logGroupArn'),
    },
  };
}

/** The address of the one resource of a type, as `depends_on` spells it. */
export function addressOf({ resource }: Synthesised, type: string): string {
  const ids = Object.keys(resource?.[type] ?? {});
  if (ids.length !== 1) throw new Error(`${type}: found ${ids.length}, expected one`);
  return `${type}.${ids[0]}`;
}

/** Addresses of everything a stack creates. */
export function addresses({ resource = {} }: Synthesised): readonly string[] {
  return Object.entries(resource).flatMap(([type, blocks]) => Object.keys(blocks).map((id) => `${type}.${id}`));
}
