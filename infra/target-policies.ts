import type { Config } from './config.ts';
import { foreignPolicy, letsIn } from './foreign-policy.ts';
import type { Names } from './names.ts';
import type { Place } from './place.ts';

export interface TargetPoliciesProps {
  readonly config: Config;
  readonly names: Names;
  readonly place: Place;
}

/**
 * What owners of an index, of its secret and of the secret's key attach where these are not in the stack's account; in it
 * the role's own policy does, but for a key that does not leave decisions to IAM.
 */
export function targetPolicies({ config, names, place }: TargetPoliciesProps): Record<string, string> {
  const { authorization, targetArn, secretArn, secretKeyArn } = config.indexer ?? {};
  const toRole = letsIn(place);
  const [role, service] = [[names.indexer.role], `secretsmanager.${place.region}.${place.dnsSuffix}`];
  const through = { StringEquals: { 'kms:ViaService': service } };
  return {
    ...(authorization === 'es' && {
      indexerDomain: foreignPolicy([
        { Sid: 'TrailbellIndexes', ...toRole(role), Action: 'es:ESHttpPost', Resource: `${targetArn}/_bulk` },
      ]),
    }),
    ...(secretArn !== undefined && {
      // Resource "*" in these policies is the secret itself, and the key.
      indexerSecret: foreignPolicy([
        { Sid: 'TrailbellSignsIn', ...toRole(role), Action: 'secretsmanager:GetSecretValue', Resource: '*' },
      ]),
    }),
    ...(secretKeyArn !== undefined && {
      indexerSecretKey: foreignPolicy([
        { Sid: 'TrailbellDecrypts', ...toRole(role, through), Action: 'kms:Decrypt', Resource: '*' },
      ]),
    }),
  };
}

/**
 * What those who subscribe log groups of other accounts attach to their own role.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CrossAccountSubscriptions.html
 */
export function senderPolicies({ config, names, place }: TargetPoliciesProps): Record<string, string> {
  const { from, senderAccountIds } = config.alerts;
  if (!from.includes('destination')) return {};
  const groups = senderAccountIds.map(
    (account) => `arn:${place.partition}:logs:${place.region}:${account}:log-group:*`,
  );
  const destination = place.arn('logs', `destination:${names.destination.name}`);
  return {
    logSenders: foreignPolicy([
      {
        Sid: 'SubscribeToTrailbell',
        Effect: 'Allow',
        Action: 'logs:PutSubscriptionFilter',
        Resource: [...groups, destination],
      },
    ]),
  };
}
