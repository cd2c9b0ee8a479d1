import { describe, expect, test } from 'vitest';
import { TABLE_KEY_ACTIONS } from '../../infra/execution-role.ts';
import { sourceFiles, textOf } from '../house/source-files.ts';
import {
  ACCOUNT,
  arn,
  decide,
  type PolicyDocument,
  policyOf,
  REGION,
  type Request,
  resolve,
  resources,
  roleArn,
  type Statement,
} from './iam.ts';
import { synthesise, wholeConfig } from './synth.ts';

const stack = synthesise(wholeConfig({ chat: true }));
const keyId = (id: RegExp) => [...resources(stack, 'aws_kms_key').keys()].find((key) => id.test(key))!;
const FAILURES = `arn:aws:s3:::trailbell-failed-${ACCOUNT}-${REGION}`;
const OBJECT = `${FAILURES}/aws/lambda/async/trailbell-alert/2026/11/20/x`;

/** What the table's words stand for: as a policy names it, and as a request does. */
const THINGS: Readonly<Record<string, { readonly named: string; readonly asked?: string }>> = {
  'undelivered queue': { named: arn('sqs', 'trailbell-undelivered') },
  ledger: { named: arn('dynamodb', 'table/trailbell-ledger') },
  'topic alerts': { named: arn('sns', 'trailbell-alerts') },
  'topic findings': { named: arn('sns', 'trailbell-findings') },
  'topic chat': { named: arn('sns', 'trailbell-chat') },
  'data key': { named: arn('kms', `key/${keyId(/^data-key/)}`) },
  'alert key': { named: arn('kms', `key/${keyId(/^alert-key/)}`) },
  'failure bucket': { named: FAILURES },
  'objects in the failure bucket': { named: `${FAILURES}/*`, asked: OBJECT },
  'alias of the alert function': { named: arn('lambda', 'function:trailbell-alert:live') },
};

const [, section = ''] = textOf('infra/README.md').split('\n## Undelivered and redrive\n');
const [, table = ''] = section.split('\n| actions |');
const rows = table
  .split('\n\n')[0]!
  .split('\n')
  .slice(2)
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, actions = '', on = '', how = '', what = '']) => ({
    actions: [...actions.matchAll(/`([^`]+)`/g)].map(([, action = '']) => action),
    on: on.split(', '),
    context: how === '' ? {} : { 'kms:ViaService': `${how.replace('through ', '')}.${REGION}.amazonaws.com` },
    what,
  }));

const identityPolicy: PolicyDocument = {
  Version: '2012-10-17',
  Statement: rows.map(
    ({ actions, on, context }): Statement => ({
      Effect: 'Allow',
      Action: actions,
      Resource: on.map((word) => THINGS[word]?.named ?? word),
      ...(Object.keys(context).length > 0 && { Condition: { StringEquals: context } }),
    }),
  ),
};

const resourcePolicyOf = (resource: string) => {
  const key = [...resources(stack, 'aws_kms_key').keys()].find((id) => resource.endsWith(`key/${id}`));
  if (key !== undefined) return policyOf(stack, 'aws_kms_key', key);
  const topic = /:sns:.*:trailbell-(\w+)$/.exec(resource)?.[1];
  if (topic !== undefined) return policyOf(stack, 'aws_sns_topic_policy', `_${topic}-policy`);
  if (resource === THINGS['undelivered queue']!.named) return policyOf(stack, 'aws_sqs_queue_policy', /^fates/);
  return resource.startsWith(FAILURES) ? policyOf(stack, 'aws_s3_bucket_policy', 'failure') : undefined;
};
const may = (action: string, resource: string, context: Request['context'] = {}) => {
  const resourcePolicy = resourcePolicyOf(resource);
  const request = { principal: roleArn('on-call'), action, resource, context, identityPolicy };
  return decide({ ...request, ...(resourcePolicy && { resourcePolicy }) });
};

describe('who redrives, with the permissions the README gives', () => {
  const requests = rows.flatMap(({ actions, on, context }) =>
    actions.flatMap((action) => on.map((word) => [action.replace('*', ''), word, context] as const)),
  );

  test.each(requests)('may %s on the %s %j', async (action, word, context) => {
    const { named, asked = named } = THINGS[word]!;
    expect(await may(action, asked, context)).toBe('Allowed');
  });

  test.each([
    ['sqs:SendMessage', THINGS['undelivered queue']!.named, {}, 'ExplicitlyDenied'],
    ['sqs:PurgeQueue', THINGS['undelivered queue']!.named, {}, 'ImplicitlyDenied'],
    ['dynamodb:DeleteTable', THINGS['ledger']!.named, {}, 'ImplicitlyDenied'],
    ['dynamodb:Scan', THINGS['ledger']!.named, {}, 'ImplicitlyDenied'],
    ['sns:Publish', arn('sns', 'trailbell-operations'), {}, 'ImplicitlyDenied'],
    ['s3:PutObject', OBJECT, {}, 'ImplicitlyDenied'],
    ['s3:GetObject', `arn:aws:s3:::trailbell-trail-${ACCOUNT}-${REGION}/x`, {}, 'ImplicitlyDenied'],
    ['kms:Decrypt', THINGS['data key']!.named, {}, 'ImplicitlyDenied'],
    ['lambda:InvokeFunction', arn('lambda', 'function:trailbell-digest'), {}, 'ImplicitlyDenied'],
    ['lambda:UpdateFunctionCode', arn('lambda', 'function:trailbell-alert'), {}, 'ImplicitlyDenied'],
  ] as const)('cannot %s on %s', async (action, resource, context, decision) => {
    expect(await may(action, resource, context)).toBe(decision);
  });

  test('has every permission the command asks for in its own words, and no other', () => {
    const words = /'((?:sqs|sns|dynamodb|s3|lambda):[A-Z][^']*)'/g;
    const asked = sourceFiles('cli/redrive')
      .flatMap(({ lines }) => [...lines.join('\n').matchAll(words)])
      .flatMap(([, text = '']) => text.split(/, | and /));
    const given = rows.flatMap(({ actions }) => actions);
    const beside = (actions: readonly string[]) => new Set(actions.filter((action) => !action.startsWith('kms:')));
    expect(beside(given)).toEqual(beside(asked));
    for (const action of asked) expect(given).toContain(action);
  });

  test('uses the key of the ledger as the functions do', () => {
    const row = rows.find(({ context }) => context['kms:ViaService']?.startsWith('dynamodb.'));
    expect(row?.actions).toEqual(TABLE_KEY_ACTIONS);
  });

  test('finds the names in the outputs', () => {
    const output = (name: string) => resolve(stack, String(stack.output[name]?.value));
    expect(output('undelivered_queue_arn')).toBe(THINGS['undelivered queue']!.named);
    expect(output('function_alias_arn')).toBe(THINGS['alias of the alert function']!.named);
    expect(output('ledger_table_name')).toBe('trailbell-ledger');
    expect(output('undelivered_queue_url')).toMatch(/\/111122223333\/trailbell-undelivered$/);
  });
});
