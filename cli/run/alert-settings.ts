import { parseSettings, type Settings } from '../../function/settings.ts';
import { type StackOutputs, stackOutputs } from '../aws/stack-outputs.ts';
import type { Configured } from './configured.ts';

/** What a worker that publishes calls itself, in notices and in what SNS refuses. */
const WORKER = 'trailbell-run';

/**
 * The settings of the alert function: from its own environment variables where ALERTS_TOPIC_ARN is set, as in a container;
 * else from the deployed stack and its configuration.
 * @param outputs a file of the stack's outputs, when Terraform is not to be asked
 * @throws {SettingsError} for variables that are unset or malformed
 * @throws {AwsProblem} when nothing is deployed
 */
export async function alertSettings(
  root: string,
  outputs: string | undefined,
  configured: Configured,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Settings> {
  const isSet = outputs === undefined && environment['ALERTS_TOPIC_ARN'] !== undefined;
  const variables = isSet ? environment : variablesOf(await stackOutputs(root, outputs), configured);
  const region = variables['ALERTS_TOPIC_ARN']?.split(':')[3];
  return parseSettings({ ...variables, AWS_REGION: region, AWS_LAMBDA_FUNCTION_NAME: WORKER });
}

function variablesOf(
  { topics, operations, ledgerTable, undeliveredQueueUrl }: StackOutputs,
  { includeRecord, windowMinutes, messagesPerMinute }: Configured,
) {
  return {
    ALERTS_TOPIC_ARN: topics.get('alerts'),
    FINDINGS_TOPIC_ARN: topics.get('findings'),
    CHAT_TOPIC_ARN: topics.get('chat'),
    OPERATIONS_TOPIC_ARN: operations,
    LEDGER_TABLE: ledgerTable,
    UNDELIVERED_QUEUE_URL: undeliveredQueueUrl,
    INCLUDE_RECORD: String(includeRecord),
    STORM_WINDOW_MINUTES: windowMinutes?.toString(),
    MESSAGES_PER_MINUTE: messagesPerMinute?.toString(),
  };
}
