import { TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import { filterPolicyOf } from './check-subscriptions.ts';
import type { Config } from './config.ts';
import type { Fates } from './fates.ts';
import type { Names } from './names.ts';
import type { PerTopic } from './pipeline-alarms.ts';
import type { ToolOutput } from './tool-outputs.ts';

export interface OutputsProps {
  readonly config: Config;
  readonly names: Names;
  readonly fates: {
    readonly ledger: Pick<Fates['ledger'], 'tableName'>;
    readonly undelivered: Pick<Fates['undelivered'], 'url' | 'arn'>;
  };
  /** ARNs of the topics. */
  readonly topics: PerTopic;
  readonly deadLetterQueueNames: readonly string[];
  /** Undefined where no log group is read. */
  readonly logGroupName: string | undefined;
  readonly functionName: string;
  readonly functionAliasArn: string;
  readonly functionLogGroupName: string;
  readonly failureBucketName: string;
  readonly failurePrefix: string;
  readonly dashboardUrl: string;
  /** @default the stack has no trail of its own, and a known one is named as configured */
  readonly trailArn?: string;
  /** Of what is switched on beside alerts from the log group. @default none */
  readonly outputs?: readonly ToolOutput[];
  /** Policy documents that owners of existing buckets, keys and topics must attach, by what they are for. @default none */
  readonly policiesToAttach?: Readonly<Record<string, string>>;
}

/** What a subscriber and an operator need to know of a stack; names are contract, as `terraform output NAME` reads them. */
export class Outputs extends Construct {
  constructor(scope: Construct, id: string, props: OutputsProps) {
    super(scope, id);
    const { config, names, topics, fates, outputs = [], policiesToAttach = {} } = props;
    const trailArn = props.trailArn ?? (typeof config.trail === 'string' ? undefined : config.trail.trailArn);
    const filterPolicies = Object.fromEntries(
      config.teams.map((team) => [team.name, JSON.stringify(filterPolicyOf(team))]),
    );
    const give = (name: string, description: string, value: unknown) => {
      if (value === undefined) return;
      new TerraformOutput(this, name, { value, description }).overrideLogicalId(name);
    };
    give('alerts_topic_arn', 'Subscribe mail addresses here: plain text.', topics.alerts);
    give('findings_topic_arn', 'Subscribe programs here (SQS, HTTPS, Lambda): JSON.', topics.findings);
    give('chat_topic_arn', 'Amazon Q Developer in chat applications listens here.', topics.chat);
    give('operations_topic_arn', "The pipeline's own alarms and notices.", topics.operations);
    give(
      'filter_policies',
      'The SNS filter policy of each team, scope MessageAttributes, for subscriptions made elsewhere.',
      filterPolicies,
    );
    give('dead_letter_queue_names', 'What a subscriber missed waits in these queues.', [...props.deadLetterQueueNames]);
    give('undelivered_queue_url', 'Findings that SNS refused wait here for trailbell redrive.', fates.undelivered.url);
    give('undelivered_queue_arn', 'The same queue, as policies name it.', fates.undelivered.arn);
    give('ledger_table_name', 'What was sent, and what storms hold back.', fates.ledger.tableName);
    give('log_group_name', 'CloudTrail records are here.', props.logGroupName);
    give('function_name', 'The function that rates records and publishes findings.', props.functionName);
    give('function_alias_arn', 'The alias of it that is invoked, as policies name it.', props.functionAliasArn);
    give('function_log_group_name', 'Rated records, errors and metrics are here.', props.functionLogGroupName);
    if (config.ledger) {
      give('digest_function_name', 'The function that writes digests of storms.', names.digestFunction);
      give('digest_log_group_name', 'Its log.', `/aws/lambda/${names.digestFunction}`);
    }
    give('trail_arn', 'The trail that writes to the log group.', trailArn);
    give('failure_bucket', 'Events the function failed on for good are here.', props.failureBucketName);
    give('failure_prefix', 'They lie below this prefix.', props.failurePrefix);
    give('dashboard_url', 'The pipeline at a glance.', props.dashboardUrl);
    for (const output of outputs) give(...output);
    if (Object.keys(policiesToAttach).length > 0) {
      give('policies_to_attach', 'Owners of existing resources must attach these policies.', policiesToAttach);
    }
  }
}
