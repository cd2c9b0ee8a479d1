import { describe, expect, it } from 'vitest';
import { configProblems } from '../../infra/checks.ts';
import { Notices } from '../../infra/notices.ts';
import { arn, REGION } from './iam.ts';
import { configWith, synthesise } from './monitoring-stack.ts';
import { SEVERITIES, wholeConfig } from './synth.ts';

const KEY = 'key/1234abcd-12ab-34cd-56ef-1234567890ab';
const FROM_BUCKET = { alerts: { from: ['bucket'] } };
const DOMAIN = arn('es', 'domain/trail');
const indexer = (more: object) => ({
  indexer: { endpoint: 'https://index.example.com', authorization: 'none', ...more },
});
const problemsOf = (parts: object) =>
  configProblems(wholeConfig(parts as never), SEVERITIES).map(({ pointer, expected }) => `${pointer}: ${expected}`);

describe('a configuration that would erase the notifications of a bucket', () => {
  const bucketName = 'example-archive';
  it.each<[string, object]>([
    ['alerts', { ...FROM_BUCKET, objects: { bucketName } }],
    ['alerts', { alerts: { from: ['log-group', 'bucket'], via: 'direct' }, objects: { bucketName } }],
    ['forwarder', { forwarder: {}, objects: { bucketName } }],
    ['forwarder', { forwarder: {}, trailOptions: { existingBucket: bucketName } }],
    ['indexer', { ...indexer({}), trail: { logGroupName: 'records' }, objects: { bucketName } }],
    ['workerQueue', { workerQueue: {}, trail: { logGroupName: 'records' }, objects: { bucketName } }],
    [
      'forwarder',
      { forwarder: {}, alerts: { from: ['bucket'], queueArn: arn('sqs', 'files') }, objects: { bucketName } },
    ],
  ])('is refused, and told what to take instead: %s of %j', (reader, parts) => {
    expect(problemsOf(parts)).toEqual([
      `/objects: topicArn or "eventBridge": true, for ${reader}: a bucket has one notification configuration, and one of the stack's would erase what ${bucketName} has`,
    ]);
  });

  it.each<[string, object]>([
    ['an existing topic', { objects: { bucketName, topicArn: arn('sns', 'files') } }],
    ['a rule', { objects: { bucketName, eventBridge: true } }],
    ['a queue', { objects: { bucketName }, alerts: { from: ['bucket'], queueArn: arn('sqs', 'files') } }],
  ])('is fine with %s', (_, parts) => {
    expect(problemsOf({ ...FROM_BUCKET, ...parts })).toEqual([]);
  });

  it('does not get past the construct either', () => {
    const config = configWith({ ...FROM_BUCKET, objects: { bucketName } });
    expect(() =>
      synthesise(config, (scope, names) => {
        const place = { partition: 'aws', dnsSuffix: 'x', region: REGION, account: '1', arn, globalArn: arn };
        new Notices(scope, 'notices', { config, names, place: place as never, bucketName: undefined });
      }),
    ).toThrow('a notification would erase those of example-archive, expected objects.topicArn or objects.eventBridge');
  });
});

describe('a configuration of what reads files is refused when', () => {
  it.each<[what: string, parts: object, problem: string]>([
    [
      'nothing reads them',
      { objects: { bucketName: 'example-archive' } },
      '/objects/bucketName: nothing: no file is read',
    ],
    ['no bucket is named', { trail: { logGroupName: 'records' }, forwarder: {} }, '/objects/bucketName: the bucket of'],
    [
      'every file would be told twice',
      { forwarder: {}, objects: { topicArn: arn('sns', 'x'), eventBridge: true } },
      '/objects/eventBridge: false: the topic',
    ],
    [
      "the stack's own bucket is to send events",
      { forwarder: {}, objects: { eventBridge: true } },
      "/objects/eventBridge: false: the stack's",
    ],
    [
      'a topic is named that is not made',
      { ...FROM_BUCKET, objects: { topicName: 'x', topicArn: arn('sns', 'x') } },
      '/objects/topicName: nothing',
    ],
    [
      'the topic is elsewhere',
      { forwarder: {}, objects: { topicArn: `arn:aws:sns:us-east-1:123456789012:x` } },
      `/objects/topicArn: an ARN in ${REGION}`,
    ],
    [
      'a key is elsewhere',
      { forwarder: {}, objects: { keyArns: [`arn:aws:kms:us-east-1:123456789012:${KEY}`] } },
      `/objects/keyArns/0: an ARN in ${REGION}`,
    ],
    [
      'a queue is elsewhere',
      { alerts: { from: ['bucket'], queueArn: 'arn:aws:sqs:us-east-1:123456789012:x' } },
      `/alerts/queueArn: an ARN in ${REGION}`,
    ],
    [
      'the key of the stream is elsewhere',
      { forwarder: { streamKey: `arn:aws:kms:us-east-1:123456789012:${KEY}` } },
      `/forwarder/streamKey: an ARN in ${REGION}`,
    ],
  ])('%s', (_, parts, problem) => {
    expect(problemsOf(parts)).toEqual([expect.stringContaining(problem)]);
  });
});

describe('sources of alerts are refused when', () => {
  const everyFrom = ['log-group', 'bucket'];
  it.each<[what: string, parts: object, problem: string]>([
    ['one is there twice', { alerts: { from: ['bucket', 'bucket'] } }, '/alerts/from: each source once'],
    ['nobody may send', { alerts: { from: ['destination'] } }, '/alerts/senderAccountIds: the accounts'],
    [
      'senders have nowhere to send',
      { alerts: { senderAccountIds: ['123456789012'] } },
      '/alerts/senderAccountIds: nothing',
    ],
    ['files are told of and not read', { alerts: { via: 'topic' } }, '/alerts/via: "bucket" in alerts.from'],
    ['a queue is there and not read', { alerts: { queueArn: arn('sqs', 'x') } }, '/alerts/queueArn: nothing'],
    [
      'a queue is there beside another way',
      { alerts: { from: everyFrom, via: 'topic', queueArn: arn('sqs', 'x') } },
      '/alerts/queueArn: nothing',
    ],
    ['there is no log group', { trail: 'none' }, '/alerts/from: "bucket" or "destination" alone'],
    ['no log group is delivered', { ...FROM_BUCKET, delivery: 'kinesis' }, '/delivery: "log-group"'],
    ['no log group is filtered', { ...FROM_BUCKET, pushdown: true }, '/pushdown: "log-group"'],
    [
      'metric filters have no log group',
      {
        trail: 'none',
        alerts: { from: ['destination'], senderAccountIds: ['123456789012'] },
        metricAlarms: { cis: true },
      },
      '/metricAlarms: nothing',
    ],
    [
      'two would be told of one file',
      { alerts: { from: everyFrom, via: 'direct' }, forwarder: {} },
      '/alerts/via: "queue" or "topic": forwarder',
    ],
    [
      'the topic tells, and not the bucket',
      { alerts: { from: everyFrom, via: 'direct' }, objects: { topicArn: arn('sns', 'x') } },
      '/alerts/via: "queue" or "topic"',
    ],
    [
      'a rule tells, and no topic',
      { alerts: { from: everyFrom, via: 'topic' }, objects: { bucketName: 'example-archive', eventBridge: true } },
      '/alerts/via: "queue" or "direct"',
    ],
  ])('%s', (_, parts, problem) => {
    expect(problemsOf(parts)).toEqual([expect.stringContaining(problem)]);
  });
});

describe('an indexer is refused when', () => {
  it.each<[what: string, settings: object, problem: string]>([
    ['a signature is for nothing', { authorization: 'es' }, '/indexer/targetArn: the ARN of the domain'],
    [
      'a domain is to be a collection',
      { authorization: 'aoss', targetArn: DOMAIN },
      '/indexer/targetArn: the ARN of the serverless',
    ],
    ['nothing is signed for a domain', { targetArn: DOMAIN }, '/indexer/targetArn: nothing'],
    ['there is no secret', { authorization: 'secret' }, '/indexer/secretArn: the ARN'],
    ['a secret is not sent', { secretArn: arn('secretsmanager', 'secret:x') }, '/indexer/secretArn: nothing'],
    ['a key is of no secret', { secretKeyArn: arn('kms', KEY) }, '/indexer/secretKeyArn: nothing'],
    [
      'the domain is elsewhere',
      { authorization: 'es', targetArn: 'arn:aws:es:us-east-1:111122223333:domain/x' },
      '/indexer/targetArn: an ARN in',
    ],
  ])('%s', (_, settings, problem) => {
    expect(problemsOf(indexer(settings))).toEqual([expect.stringContaining(problem)]);
  });
});
