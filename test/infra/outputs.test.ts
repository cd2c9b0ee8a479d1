import { describe, expect, it } from 'vitest';
import { Outputs, type OutputsProps } from '../../infra/outputs.ts';
import { configWith, OPERATIONS, synthesise } from './monitoring-stack.ts';

const UNDELIVERED = {
  url: 'https://sqs.eu-central-1.amazonaws.com/111122223333/trailbell-undelivered',
  arn: 'arn:aws:sqs:eu-central-1:111122223333:trailbell-undelivered',
};
const ALIAS = 'arn:aws:lambda:eu-central-1:111122223333:function:trailbell-alert:live';
const topic = (name: string) => `arn:aws:sns:eu-central-1:111122223333:trailbell-${name}`;

function outputsFor(settings: object = {}, more: Partial<OutputsProps> = {}): Record<string, unknown> {
  const config = configWith(settings);
  const { output = {} } = synthesise(config, (scope, names) => {
    new Outputs(scope, 'outputs', {
      config,
      names,
      fates: { ledger: { tableName: config.ledger ? names.ledger : undefined }, undelivered: UNDELIVERED },
      topics: { alerts: topic('alerts'), findings: topic('findings'), operations: OPERATIONS, chat: undefined },
      deadLetterQueueNames: ['trailbell-payments-sqs-0a1b2c3d'],
      logGroupName: '/trailbell/cloudtrail',
      functionName: 'trailbell-alert',
      functionAliasArn: ALIAS,
      functionLogGroupName: '/aws/lambda/trailbell-alert',
      failureBucketName: 'trailbell-failed-111122223333-eu-central-1',
      failurePrefix: 'aws/lambda/',
      dashboardUrl: 'https://example.com/',
      ...more,
    });
  });
  for (const { description } of Object.values(output)) expect(description).toMatch(/\.$/);
  return Object.fromEntries(Object.entries(output).map(([name, { value }]) => [name, value]));
}

describe('the outputs', () => {
  it('give what a subscriber and an operator need, by names that do not change', () => {
    const trailArn = 'arn:aws:cloudtrail:eu-central-1:111122223333:trail/trailbell';
    expect(outputsFor({}, { trailArn })).toEqual({
      alerts_topic_arn: topic('alerts'),
      findings_topic_arn: topic('findings'),
      operations_topic_arn: OPERATIONS,
      filter_policies: {},
      dead_letter_queue_names: ['trailbell-payments-sqs-0a1b2c3d'],
      undelivered_queue_url: UNDELIVERED.url,
      undelivered_queue_arn: UNDELIVERED.arn,
      ledger_table_name: 'trailbell-ledger',
      log_group_name: '/trailbell/cloudtrail',
      function_name: 'trailbell-alert',
      function_alias_arn: ALIAS,
      function_log_group_name: '/aws/lambda/trailbell-alert',
      digest_function_name: 'trailbell-digest',
      digest_log_group_name: '/aws/lambda/trailbell-digest',
      trail_arn: trailArn,
      failure_bucket: 'trailbell-failed-111122223333-eu-central-1',
      failure_prefix: 'aws/lambda/',
      dashboard_url: 'https://example.com/',
    });
  });

  it('name the chat topic where there is one', () => {
    const topics = {
      alerts: topic('alerts'),
      findings: topic('findings'),
      operations: OPERATIONS,
      chat: topic('chat'),
    };
    expect(outputsFor({ chat: true }, { topics })).toMatchObject({ chat_topic_arn: topic('chat') });
  });

  it('name neither ledger nor digest where there is none, and still what SNS refused', () => {
    const names = Object.keys(outputsFor({ ledger: false }));
    expect(names.filter((name) => /ledger|digest/.test(name))).toEqual([]);
    expect(names).toContain('undelivered_queue_url');
  });

  it("hold each team's filter policy, ready to paste", () => {
    const teams = [{ name: 'payments' }, { name: 'identity', minimumSeverity: 'medium' }];
    expect(outputsFor({ teams })['filter_policies']).toEqual({
      payments: '{"team":["payments"],"severity":["high","critical"]}',
      identity: '{"team":["identity"],"severity":["medium","high","critical"]}',
    });
  });

  it('name an existing trail only where the configuration does', () => {
    const trailArn = 'arn:aws:cloudtrail:eu-central-1:123456789012:trail/existing';
    expect(outputsFor({ trail: { logGroupName: 'records', trailArn } })['trail_arn']).toBe(trailArn);
    expect(outputsFor({ trail: { logGroupName: 'records' } })).not.toHaveProperty('trail_arn');
  });

  it('ask owners of existing resources to attach policies, and nobody else', () => {
    const policiesToAttach = { 'bucket records': '{"Version":"2012-10-17"}' };
    expect(outputsFor({}, { policiesToAttach })['policies_to_attach']).toEqual(policiesToAttach);
    expect(outputsFor({}, { policiesToAttach: {} })).not.toHaveProperty('policies_to_attach');
  });
});
