import { type AlertParts, alertEnvironment } from '../../function/alert-environment.ts';
import { compilePolicy, type Policy } from '../../function/core/policy.ts';
import type { Severities } from '../../function/core/severities/model.ts';
import { parseSettings } from '../../function/settings.ts';
import { createLogger } from '../../function/sinks/logger.ts';
import type { SnsLoader } from '../../function/sinks/publisher.ts';
import { TIME } from './payloads.ts';

/** The ARN of a topic of the tests' account. */
export const topicArn = (name: string) => `arn:aws:sns:eu-central-1:123456789012:${name}`;

/** A whole environment of the alert function, as Lambda and the stack set it. */
export const VARIABLES = {
  ALERTS_TOPIC_ARN: topicArn('alerts'),
  FINDINGS_TOPIC_ARN: topicArn('findings'),
  CHAT_TOPIC_ARN: topicArn('chat'),
  OPERATIONS_TOPIC_ARN: topicArn('operations'),
  AWS_REGION: 'eu-central-1',
  AWS_LAMBDA_FUNCTION_NAME: 'trailbell-alert',
} as const;

/** One call of every severity, and one whitelisted: `Decrypt`, `RunInstances` low, `StopInstances` medium and so on. */
export const SEVERITIES: Severities = {
  policyVersion: '0123456789ab',
  policy: {
    alertAt: 'high',
    logAt: 'low',
    whitelist: [{ id: 'kms', eventNames: ['Decrypt'], reason: 'Noise.' }],
    adjust: [],
    deletions: { pattern: '^Delete', severity: 'high', unless: [] },
    failed: { denied: 'same', other: 'low' },
    unlisted: { service: 'low', event: 'low', readOnlyEvent: 'informational', insight: 'medium' },
    lists: {},
  },
  services: [
    {
      eventSource: 'ec2.amazonaws.com',
      service: 'Amazon EC2',
      events: {
        DescribeInstances: 'informational',
        RunInstances: 'low',
        StopInstances: 'medium',
        DisableEbsEncryptionByDefault: { severity: 'critical', reason: 'New disks are written in the clear.' },
      },
    },
  ],
  detections: [],
  accounts: { '123456789012': { name: 'prod-payments', team: 'payments' } },
};

/** {@link SEVERITIES}, compiled. */
export const POLICY: Policy = compilePolicy(SEVERITIES);

/** An environment of real parts, some replaced, and the lines its log has so far, parsed. */
export function testEnvironment(
  loadSns: SnsLoader,
  variables: Readonly<Record<string, string | undefined>> = VARIABLES,
  parts: Partial<AlertParts> = {},
) {
  const text: string[] = [];
  const settings = parseSettings(variables);
  const logger = createLogger({ write: (line: string) => void text.push(line) });
  const now = () => new Date(TIME);
  const environment = alertEnvironment({ settings, policy: POLICY, teams: [], logger, loadSns, now, ...parts });
  const lines = () =>
    text
      .join('')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { environment, text, lines };
}

/** A loader for invocations that publish nothing: using it is a failure. */
export const noSns: SnsLoader = () => Promise.reject(new Error('nothing should be published'));

/** A deadline so many milliseconds from now. */
export function within(milliseconds: number) {
  const end = performance.now() + milliseconds;
  return { remaining: () => end - performance.now() };
}
