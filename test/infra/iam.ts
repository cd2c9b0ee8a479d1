import { runSimulation } from '@cloud-copilot/iam-simulate';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';

/** `cdk.tf.json`, parsed. */
export interface Synthesised {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
}
/** One resource's attributes, as Terraform names them. */
export type Attributes = Readonly<Record<string, unknown>>;

export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, unknown>>;
}
export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}

/** All resources of a type, by their id in the state. */
export function resources(stack: Synthesised, type: string): ReadonlyMap<string, Attributes> {
  return new Map(Object.entries(stack.resource?.[type] ?? {}));
}

/** The one resource of a type whose id matches. */
export function resourceOf(stack: Synthesised, type: string, id: RegExp | string = ''): Attributes {
  const found = [...resources(stack, type)].filter(([name]) => name.match(id));
  if (found.length !== 1) throw new Error(`${type} ${id}: ${found.length} found, expected one`);
  return found[0]![1];
}

/** What the provider would make of the references in a text. Throws when one points at nothing known. */
export function resolve(stack: Synthesised, text: string): string {
  return text.replace(/\$\{([^}]+)\}/g, (_, reference: string) => {
    const [first = '', second = '', third = '', fourth = ''] = reference.split('.');
    if (first === 'data') return dataValue(second, fourth);
    const attributes = stack.resource?.[first]?.[second];
    if (!attributes) throw new Error(`\${${reference}} points at nothing in the stack`);
    return attributeValue(stack, first, attributes, third, second);
  });
}

/** The policy document in an attribute of the one resource whose id matches, references resolved. */
export function policyOf(
  stack: Synthesised,
  type: string,
  id: RegExp | string = '',
  attribute = 'policy',
): PolicyDocument {
  const text = resourceOf(stack, type, id)[attribute];
  if (typeof text !== 'string') throw new Error(`${type} ${id} has no ${attribute}`);
  return JSON.parse(resolve(stack, text)) as PolicyDocument;
}

/** A request as IAM sees it. `context` holds condition keys; `aws:PrincipalArn` follows from the principal. */
export interface Request {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string | string[]>>;
  readonly identityPolicy?: PolicyDocument;
  readonly resourcePolicy?: PolicyDocument;
  /** @default the stack's account */
  readonly resourceAccount?: string;
}

/** A key policy that leaves every decision to IAM policies of the account, as the data key's does. */
export const ACCOUNT_KEY_POLICY: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }],
};

/** IAM's decision. Throws when a policy or the request is not valid, a misspelt action included. */
export async function decide(request: Request): Promise<'Allowed' | 'ImplicitlyDenied' | 'ExplicitlyDenied'> {
  const { principal, action, resource, context = {}, identityPolicy, resourcePolicy } = request;
  const { resourceAccount: accountId = ACCOUNT } = request;
  const result = await runSimulation(
    {
      identityPolicies: identityPolicy ? [{ name: 'identity', policy: identityPolicy }] : [],
      ...(resourcePolicy && { resourcePolicy }),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      request: {
        principal,
        action,
        resource: { resource, accountId },
        contextVariables: {
          'aws:SecureTransport': 'true',
          ...(principal.startsWith('arn:') && { 'aws:PrincipalArn': principal }),
          ...context,
        },
      },
    },
    {},
  );
  if (result.resultType === 'error') throw new Error(`${action} on ${resource}: ${JSON.stringify(result.errors)}`);
  return result.overallResult;
}

export const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
export const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

const DATA: ReadonlyMap<string, string> = new Map([
  ['aws_partition.partition', 'aws'],
  ['aws_partition.dns_suffix', 'amazonaws.com'],
  ['aws_region.region', REGION],
  ['aws_caller_identity.account_id', ACCOUNT],
]);

function dataValue(type: string, attribute: string): string {
  const value = DATA.get(`${type}.${attribute}`);
  if (value === undefined) throw new Error(`unknown data ${type}.${attribute}`);
  return value;
}

function attributeValue(
  stack: Synthesised,
  type: string,
  attributes: Attributes,
  attribute: string,
  id: string,
): string {
  const given = attributes[attribute];
  if (typeof given === 'string') return resolve(stack, given);
  const named = (key: string) => resolve(stack, String(attributes[key]));
  const arns: Readonly<Record<string, () => string>> = {
    aws_sns_topic: () => arn('sns', named('name')),
    aws_sqs_queue: () => arn('sqs', named('name')),
    aws_dynamodb_table: () => arn('dynamodb', `table/${named('name')}`),
    aws_cloudwatch_event_rule: () => arn('events', `rule/${named('name')}`),
    aws_kms_key: () => arn('kms', `key/${id}`),
    aws_s3_bucket: () => `arn:aws:s3:::${named('bucket')}`,
    aws_kinesis_stream: () => arn('kinesis', `stream/${named('name')}`),
    aws_cloudwatch_log_group: () => arn('logs', `log-group:${named('name')}`),
    aws_iam_role: () => roleArn(named('name')),
    aws_lambda_function: () => arn('lambda', `function:${named('function_name')}`),
    aws_lambda_alias: () => arn('lambda', `function:${named('function_name')}:${named('name')}`),
    aws_cloudtrail: () => arn('cloudtrail', `trail/${named('name')}`),
  };
  if (type === 'aws_sqs_queue' && attribute === 'url') {
    return `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${named('name')}`;
  }
  const value =
    attribute === 'arn' ? arns[type]?.() : ['id', 'key_id', 'url', 'version'].includes(attribute) ? id : undefined;
  if (value === undefined) throw new Error(`unknown attribute ${type}.${id}.${attribute}`);
  return value;
}
