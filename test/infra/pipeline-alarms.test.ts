import { describe, expect, it } from 'vitest';
import type { DigestFigures } from '../../function/sinks/digests.ts';
import { METRIC_NAMESPACE } from '../../function/sinks/metrics.ts';
import { figuresOf, newTally } from '../../function/tally.ts';
import type { Config } from '../../infra/config.ts';
import { PIPELINE_ALARMS } from '../../infra/pipeline-alarm-list.ts';
import { PipelineAlarms, topicNamesOf } from '../../infra/pipeline-alarms.ts';
import { type Alarm, type Figures, fires, watchedBy } from './alarm-evaluation.ts';
import { configWith, OPERATIONS, resources, synthesise } from './monitoring-stack.ts';

const QUEUES = ['trailbell-payments-sqs-0a1b2c3d', 'trailbell-catch-all-email-4e5f6a7b'];

function alarmsFor(settings: object = {}): Map<string, Alarm> {
  const config: Config = configWith(settings);
  const stack = synthesise(config, (scope, names) => {
    new PipelineAlarms(scope, 'pipeline-alarms', {
      config,
      names,
      subscribed: {
        logGroupName: 'records',
        filterName: 'trailbell',
        destinationType: config.delivery === 'direct' ? 'Lambda' : 'Kinesis',
      },
      functionName: 'trailbell-alert',
      aliasName: 'live',
      deadLetterQueueNames: QUEUES,
      topicNames: topicNamesOf(config, names),
      operationsTopicArn: OPERATIONS,
    });
  });
  const alarms = resources(stack, 'aws_cloudwatch_metric_alarm') as unknown as Alarm[];
  return new Map(alarms.map((alarm) => [alarm.alarm_name.replace(/^trailbell-/, ''), alarm]));
}

const HEALTHY: Figures = {
  IncomingLogEvents: 1000,
  ForwardedLogEvents: 1000,
  Invocations: 20,
  received: 1000,
  whitelisted: 600,
  quiet: 300,
  logged: 95,
  published: 5,
  rejected: 0,
  NumberOfMessagesPublished: 5,
  NumberOfNotificationsDelivered: 5,
  'trailbell-digest Invocations': 1,
};
const firing = (alarms: Map<string, Alarm>, figures: Figures) =>
  [...alarms].flatMap(([id, alarm]) => (fires(alarm, figures) ? [id] : []));

describe('the pipeline alarms', () => {
  it.each<[what: string, figures: Figures, expected: string[]]>([
    ['nothing while all is well', {}, []],
    [
      'nothing while a quiet hour brings one record',
      {
        IncomingLogEvents: 1,
        ForwardedLogEvents: 1,
        Invocations: 1,
        received: 1,
        whitelisted: 1,
        quiet: 0,
        logged: 0,
        published: 0,
      },
      [],
    ],
    ['nothing when a delivery came twice', { received: 1100, whitelisted: 700 }, []],
    ['a lost record in a thousand only by the balance', { received: 1000, whitelisted: 599 }, ['balance-broken']],
    ['a record counted twice', { whitelisted: 601 }, ['balance-broken']],
    [
      'a silent subscription',
      { ForwardedLogEvents: 0, Invocations: 0, received: 0, whitelisted: 0, quiet: 0, logged: 0, published: 0 },
      ['silent-subscription'],
    ],
    [
      'a silent function',
      { Invocations: 0, received: 0, whitelisted: 0, quiet: 0, logged: 0, published: 0 },
      ['silent-function'],
    ],
    ['records that get lost on the way', { received: 900, whitelisted: 500 }, ['missing-records']],
    [
      'an invoked function that counts nothing',
      { received: 0, whitelisted: 0, quiet: 0, logged: 0, published: 0 },
      ['missing-records'],
    ],
    ['a throttled destination', { DeliveryThrottling: 1 }, ['delivery-throttling']],
    ['an error at the destination', { DeliveryErrors: 1 }, ['delivery-errors']],
    ['an error', { 'trailbell-alert Errors': 1 }, ['function-errors']],
    ['a throttle', { Throttles: 1 }, ['function-throttles']],
    ['48 of 60 seconds', { Duration: 48_000 }, ['function-slow']],
    ['nothing at 47 of 60 seconds', { Duration: 47_000 }, []],
    ['waiting events', { AsyncEventAge: 900_000 }, ['events-waiting']],
    ['a dropped event', { AsyncEventsDropped: 1 }, ['events-dropped']],
    ['a failed event that could not be stored', { DestinationDeliveryFailures: 1 }, ['failures-not-stored']],
    ['a payload nobody can decode', { deliveriesFailed: 1 }, ['undecodable-deliveries']],
    ['an unknown message', { unknownMessages: 1 }, ['unknown-messages']],
    ['a rejected record', { rejected: 1, quiet: 299 }, ['rejected-records']],
    ['an undelivered finding', { undelivered: 1 }, ['undelivered-findings']],
    ['a notice that failed', { noticesFailed: 1 }, ['notices-failed']],
    [
      'a finding without a fate',
      {
        'alerts/findings': 2,
        'alerts/delivered': 1,
        'alerts/repeated': 0,
        'alerts/heldBack': 0,
        'alerts/undelivered': 0,
      },
      ['findings-unbalanced-alerts'],
    ],
    [
      'no finding with a fate',
      {
        'alerts/findings': 4,
        'alerts/delivered': 1,
        'alerts/repeated': 1,
        'alerts/heldBack': 1,
        'alerts/undelivered': 1,
      },
      [],
    ],
    ['a subscriber of one topic', { 'NumberOfNotificationsFailed trailbell-findings': 1 }, ['topic-failures-findings']],
    [
      'a lost notification',
      { 'NumberOfNotificationsFailedToRedriveToDlq trailbell-operations': 1 },
      ['topic-redrive-failures-operations'],
    ],
    [
      'attributes that do not parse',
      { 'NumberOfNotificationsFilteredOut-InvalidAttributes trailbell-alerts': 1 },
      ['topic-invalid-attributes-alerts'],
    ],
    ['findings that nobody heard', { NumberOfNotificationsDelivered: 0 }, ['nobody-heard']],
    [
      'nothing when one topic has listeners',
      { NumberOfNotificationsDelivered: 0, 'NumberOfNotificationsDelivered trailbell-alerts': 5 },
      [],
    ],
    ['nothing when filters drop what others hear', { NumberOfNotificationsFilteredOut: 4 }, []],
    [
      'dead letters, by their queue',
      { [`${QUEUES[0]} ApproximateNumberOfMessagesVisible`]: 1 },
      ['dead-letters-payments-sqs-0a1b2c3d'],
    ],
    [
      'findings that wait for a redrive',
      { 'trailbell-undelivered ApproximateNumberOfMessagesVisible': 1 },
      ['undelivered-waiting'],
    ],
    ['a ledger that does not answer', { ledgerFailures: 1 }, ['ledger-failures']],
    ['a digest that failed, and not as an error of the function', { 'trailbell-digest Errors': 1 }, ['digest-errors']],
    ['a digest that a topic did not take', { digestsFailed: 1 }, ['digest-errors']],
    ['a digest that is not run, whatever the function does', { 'trailbell-digest Invocations': 0 }, ['silent-digest']],
  ])('tell %s', (_, figures, expected) => {
    expect(firing(alarmsFor(), { ...HEALTHY, ...figures }).toSorted()).toEqual(expected.toSorted());
  });

  it('tell of a silent trail when there is no data at all', () => {
    expect(fires(alarmsFor().get('silent-trail')!, {})).toBe(true);
    expect(firing(alarmsFor(), {}).toSorted()).toEqual(['silent-digest', 'silent-trail']);
  });

  it('wait 60 minutes for records, in steps of five', () => {
    expect(alarmsFor().get('silent-trail')).toMatchObject({
      period: 300,
      evaluation_periods: 12,
      datapoints_to_alarm: 12,
    });
  });

  it('give a quiet account with a pushed-down whitelist six hours before the subscription counts as silent', () => {
    const seconds = (settings: object) => {
      const alarm = alarmsFor(settings).get('silent-subscription')!;
      return alarm.evaluation_periods * (alarm.metric_query?.find(({ metric }) => metric)?.metric?.period ?? 0);
    };
    expect([seconds({}), seconds({ pushdown: true })]).toEqual([3600, 6 * 3600]);
  });

  it('hold with a pushed-down whitelist: later hops compare what was forwarded', () => {
    const few = { ForwardedLogEvents: 400, received: 400, whitelisted: 0 };
    expect(firing(alarmsFor({ pushdown: true }), { ...HEALTHY, ...few })).toEqual([]);
  });

  it('watch ledger and digest only where there is a ledger, and always what SNS refused', () => {
    const own = ['undelivered-waiting', 'ledger-failures', 'digest-errors', 'silent-digest'];
    const made = (settings: object) => own.filter((id) => alarmsFor(settings).has(id));
    expect(made({})).toEqual(own);
    expect(made({ ledger: false })).toEqual(['undelivered-waiting']);
  });

  it('give the ledger ten minutes, and a digest fifteen', () => {
    const seconds = (id: string) => {
      const { period, evaluation_periods } = alarmsFor().get(id)!;
      return period * evaluation_periods;
    };
    expect([seconds('ledger-failures'), seconds('silent-digest')]).toEqual([600, 900]);
  });

  it('lead from what SNS refused to the command that sends it again', () => {
    expect(alarmsFor().get('undelivered-waiting')!.alarm_description).toContain('trailbell redrive');
  });

  it('watch the queue of the delivery there is', () => {
    const [direct, kinesis] = [alarmsFor(), alarmsFor({ delivery: 'kinesis' })];
    expect([direct.has('events-waiting'), direct.has('stream-waiting')]).toEqual([true, false]);
    expect([kinesis.has('events-waiting'), kinesis.has('stream-waiting')]).toEqual([false, true]);
    const filter = watchedBy(kinesis.get('delivery-errors')!)[0]?.dimensions;
    expect(filter).toEqual({ LogGroupName: 'records', DestinationType: 'Kinesis', FilterName: 'trailbell' });
  });

  it.each([
    ['topic', true],
    ['direct', true],
    ['queue', false],
  ] as const)('watch asynchronous events beside a stream where files are told of by %s: %s', (via, isWatched) => {
    const alarms = alarmsFor({ delivery: 'kinesis', alerts: { from: ['log-group', 'bucket'], via } });
    for (const id of ['events-waiting', 'events-dropped']) expect(alarms.has(id), id).toBe(isWatched);
    expect(alarms.has('stream-waiting')).toBe(true);
  });

  it('watch the chat topic once there is one, and existing topics by their names', () => {
    expect(alarmsFor().has('topic-failures-chat')).toBe(false);
    expect(alarmsFor({ chat: true }).has('topic-failures-chat')).toBe(true);
    const existingTopics = { findings: 'arn:aws:sns:eu-central-1:123456789012:everything' };
    const alarm = alarmsFor({ existingTopics }).get('topic-failures-findings')!;
    expect(alarm.dimensions).toEqual({ TopicName: 'everything' });
  });

  it('watch only figures that the function emits', () => {
    const topics = (['alerts', 'findings', 'chat'] as const).map((topic) => ({
      topic,
      findings: 0,
      delivered: 0,
      repeated: 0,
      heldBack: 0,
      undelivered: 0,
      lost: [],
      handedOver: 0,
      possiblyRepeated: 0,
    }));
    const emitted = Object.keys(figuresOf(newTally(), topics));
    const figures = [...alarmsFor({ chat: true }).values()]
      .flatMap(watchedBy)
      .filter(({ namespace }) => namespace === METRIC_NAMESPACE);
    const isOfDigest = ({ dimensions }: (typeof figures)[number]) => dimensions['functionName'] === 'trailbell-digest';
    const watched = figures.filter((metric) => !isOfDigest(metric));
    expect(watched.length).toBeGreaterThan(10);
    for (const { metric_name, dimensions } of watched) {
      expect(emitted).toContain(metric_name);
      expect(dimensions).toEqual({ functionName: 'trailbell-alert' });
    }
    const digests: readonly string[] = Object.keys({
      digests: 0,
      digested: 0,
      digestsFailed: 0,
    } satisfies DigestFigures);
    expect(figures.filter(isOfDigest).map(({ metric_name }) => digests.includes(metric_name))).toEqual([true]);
  });

  it('count invocations of the alias only', () => {
    const invocations = watchedBy(alarmsFor().get('silent-function')!).find(
      ({ metric_name }) => metric_name === 'Invocations',
    );
    expect(invocations?.dimensions).toEqual({ FunctionName: 'trailbell-alert', Resource: 'trailbell-alert:live' });
  });

  it('all go to operations, and tell their end where there is a state to end', () => {
    for (const [id, alarm] of alarmsFor()) {
      expect([id, ...alarm.alarm_actions]).toEqual([id, OPERATIONS]);
      const counted = id.startsWith('function-') || id.startsWith('topic-');
      if (counted) expect([id, alarm.ok_actions]).toEqual([id, undefined]);
      if (id.startsWith('silent-')) expect([id, alarm.ok_actions]).toEqual([id, [OPERATIONS]]);
    }
  });

  it('say what happened and what to do first, and fit what CloudWatch takes', () => {
    for (const [id, alarm] of alarmsFor({ chat: true })) {
      expect(alarm.alarm_description).toMatch(/ First: .{20,}/);
      expect(alarm.alarm_description.length).toBeLessThanOrEqual(1024);
      expect(alarm.alarm_name).toBe(`trailbell-${id}`);
      expect(watchedBy(alarm).length).toBeLessThanOrEqual(10);
      for (const { period } of watchedBy(alarm)) {
        expect(period % 60).toBe(0);
        expect(period * alarm.evaluation_periods).toBeLessThanOrEqual(86_400);
      }
    }
  });

  it('have ids of their own, and one result each', () => {
    expect(new Set(PIPELINE_ALARMS.map(({ id }) => id)).size).toBe(PIPELINE_ALARMS.length);
    for (const { metric_query: queries } of alarmsFor().values()) {
      if (queries !== undefined) expect(queries.filter(({ return_data }) => return_data)).toHaveLength(1);
    }
  });
});
