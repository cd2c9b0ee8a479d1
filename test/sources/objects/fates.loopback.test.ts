import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { queueNotification } from '../../../function/sources/objects/object-sources.ts';
import {
  busObject,
  enveloped,
  queueEvent,
  s3Event,
  TEST_EVENT,
  topicEvent,
  trailNotice,
} from '../../fixtures/lambda-events.ts';
import { startS3Stub, trailFile } from '../../support/s3.ts';
import { answerTo, GOOD, key, named, path, run } from './object-run.ts';

describe('objects of a batch', () => {
  test('have fates of their own, and no neighbour is kept from its own', async () => {
    const names = ['good', 'missing', 'denied', 'corrupt', 'throttled', 'good'];
    const { failedItems, figures, told, sent } = await run(queueEvent(...names.map(named)));
    expect(failedItems).toEqual(['m2', 'm3', 'm4']);
    expect(figures).toMatchObject({
      received: 4,
      published: 2,
      objectsRead: 2,
      objectsMissing: 1,
      deliveriesFailed: 3,
    });
    expect(sent.filter(({ topic }) => topic === 'alerts')).toHaveLength(2);
    expect(told).toEqual([
      { level: 'warn', code: 'missing_object', errorCode: 'NoSuchKey', path: path('missing'), item: 'm1' },
      { level: 'error', code: 'denied_object', errorCode: 'AccessDenied', path: path('denied'), item: 'm2' },
      { level: 'error', code: 'undecodable_delivery', problem: 'truncated', path: path('corrupt'), item: 'm3' },
      { level: 'error', code: 'unavailable_object', errorCode: 'SlowDown', path: path('throttled'), item: 'm4' },
    ]);
  });

  test('of one message fail it once, however many are bad, and the good ones count', async () => {
    const event = queueEvent(enveloped(trailNotice(key('denied'), key('good'), key('corrupt'))), named('good'));
    const { failedItems, figures } = await run(event);
    expect(failedItems).toEqual(['m0']);
    expect(figures).toMatchObject({ received: 4, deliveriesFailed: 2, objectsRead: 2 });
  });

  test('that hold no records of calls, tests and deletions are acknowledged unread', async () => {
    const digest = 'AWSLogs/123456789012/CloudTrail-Digest/eu-central-1/2026/11/20/a.json.gz';
    const event = queueEvent(s3Event(digest), TEST_EVENT, s3Event(key('good'), 'ObjectRemoved:Delete'));
    const { failedItems, figures, told, requests } = await run(event);
    expect(failedItems).toEqual([]);
    expect(figures).toMatchObject({ received: 0, objectsSkipped: 1, controlMessages: 2, deliveriesFailed: 0 });
    expect([told, requests]).toEqual([[], []]);
  });

  test('of the past are left unread by the alert function, and those beside them are read', async () => {
    const past = s3Event(key('good'), 'ObjectCreated:History');
    const both = { Records: [...past.Records, ...named('good').Records] };
    const { failedItems, figures, told, requests } = await run(queueEvent(past, enveloped(both)));
    expect(failedItems).toEqual([]);
    expect(figures).toMatchObject({ received: 2, objectsRead: 1, objectsSkipped: 2, deliveriesFailed: 0 });
    expect([told, requests.length]).toEqual([[], 1]);
  });

  test('of the past are read where nothing says to leave them out', async () => {
    const s3 = await startS3Stub(() => GOOD);
    const objects = { load: s3.load, remaining: () => 60_000 };
    const event = queueEvent(s3Event(key('good'), 'ObjectCreated:History'));
    const counts: unknown[] = [];
    for await (const unit of queueNotification.open(event, { objects })) {
      counts.push(unit.kind === 'data' ? [...unit.records].length : unit);
    }
    await s3.close();
    expect(counts).toEqual([2]);
  });

  test('of one message may be ten thousand: those for which there is no time fail it, unasked', async () => {
    const keys = Array.from({ length: 10_000 }, (_, index) => key(`good${index}`));
    const { failedItems, figures, requests } = await run(queueEvent(trailNotice(...keys), named('good')), answerTo, 0);
    expect(failedItems).toEqual(['m0', 'm1']);
    expect(figures).toMatchObject({ received: 0, deliveriesFailed: 10_001 });
    expect(requests).toEqual([]);
  });

  test('that are named twice are read twice, and each record is counted as often', async () => {
    const { failedItems, figures } = await run(queueEvent(trailNotice(key('good'), key('good')), named('good')));
    expect(failedItems).toEqual([]);
    expect(figures).toMatchObject({ received: 6, objectsRead: 3 });
  });

  test('are tried again after passing refusals and broken answers', async () => {
    const { failedItems, figures, requests } = await run(queueEvent(named('again')));
    expect(failedItems).toEqual([]);
    expect(figures).toMatchObject({ received: 2, objectsRead: 1 });
    expect(requests).toHaveLength(4);
  });

  test('are asked for again when an answer stalls', async () => {
    const { figures, requests } = await run(queueEvent(named('good')), (_, index) => (index === 0 ? 'stall' : GOOD));
    expect(figures).toMatchObject({ received: 2 });
    expect(requests).toHaveLength(2);
  });

  test('are asked for a bounded number of times', async () => {
    expect((await run(queueEvent(named('throttled')))).requests).toHaveLength(4);
  });

  test('whose message says nothing of objects go to the dead letters alone', async () => {
    const { failedItems, told } = await run(queueEvent('hello', named('good'), { some: 'thing' }));
    expect(failedItems).toEqual(['m0', 'm2']);
    expect(told).toMatchObject([{ problem: 'not_json' }, { problem: 'wrong_shape', path: 'Records[2].body' }]);
  });

  test('with a message that has no id fail whole: nobody could name what to try again', async () => {
    const [{ messageId: _, ...nameless } = { messageId: '' }] = queueEvent(named('good')).Records;
    const { error, requests } = await run({ Records: [...queueEvent(named('good')).Records, nameless] });
    expect(error).toMatchObject({ code: 'undecodable_delivery', path: 'Records[1]' });
    expect(requests).toEqual([]);
  });

  test('for which there is no time are left for another try, those that were read are not', async () => {
    const { failedItems, error, figures } = await run(
      queueEvent(named('good'), named('late'), named('good')),
      (path) => (path.includes('late') ? 'stall' : GOOD),
      3_000,
    );
    expect(error).toBeUndefined();
    expect(failedItems).toEqual(['m1', 'm2']);
    expect(figures).toMatchObject({ received: 2, objectsRead: 1, deliveriesFailed: 2, 'alerts/delivered': 1 });
  });
});

describe('the balance of a batch', () => {
  const object = fc.constantFrom('good', 'good', 'missing', 'denied', 'corrupt');
  property.prop([fc.array(fc.array(object, { maxLength: 4 }), { minLength: 1, maxLength: 10 })], { numRuns: 25 })(
    'holds whatever becomes of its objects: each is counted once, and exactly the messages with a bad one fail',
    async (messages) => {
      const event = queueEvent(...messages.map((names) => trailNotice(...names.map(key))));
      const { failedItems, figures, error } = await run(event);
      const all = messages.flat();
      const isBad = (name: string) => name === 'denied' || name === 'corrupt';
      expect(error).toBeUndefined();
      expect(failedItems).toEqual(messages.flatMap((names, index) => (names.some(isBad) ? [`m${index}`] : [])));
      const [good, gone] = ['good', 'missing'].map((name) => all.filter((other) => other === name).length);
      expect(figures).toMatchObject({ received: 2 * (good ?? 0), deliveriesFailed: all.filter(isBad).length });
      if ((good ?? 0) + (gone ?? 0) > 0) expect(figures).toMatchObject({ objectsRead: good, objectsMissing: gone });
    },
  );
});

describe('an object of an event that is no batch', () => {
  const both = (bad: string) => ({ Records: [...named(bad).Records, ...named('good').Records] });
  test.each([
    ['S3', 'denied', both('denied'), { name: 'ObjectError', code: 'denied_object' }],
    ['SNS', 'corrupt', topicEvent(both('corrupt')), { name: 'DecodeError', problem: 'truncated' }],
    ['CloudTrail', 'throttled', topicEvent(trailNotice(key('throttled'), key('good'))), { code: 'unavailable_object' }],
  ])('of %s that is %s fails the invocation once the others are settled', async (_, bad, event, thrown) => {
    const { error, figures, sent } = await run(event);
    expect(error).toMatchObject({ ...thrown, path: path(bad) });
    expect(figures).toMatchObject({ received: 2, published: 1, deliveriesFailed: 1, 'alerts/delivered': 1 });
    expect(sent).toHaveLength(2);
  });

  test.each([
    ['S3', named('missing')],
    ['SNS', topicEvent(named('missing'))],
    ['EventBridge', busObject('Object Created', key('missing'))],
  ])('of %s that is gone is acknowledged, counted and told', async (_, event) => {
    const { error, figures, told } = await run(event);
    expect(error).toBeUndefined();
    expect(figures).toMatchObject({ received: 0, objectsMissing: 1, deliveriesFailed: 0 });
    expect(told).toEqual([{ level: 'warn', code: 'missing_object', errorCode: 'NoSuchKey', path: path('missing') }]);
  });

  test.each([
    [404, 'NoSuchVersion', 'missing_object'],
    [405, 'MethodNotAllowed', 'missing_object'],
    [404, 'NoSuchBucket', 'denied_object'],
    [403, 'InvalidObjectState', 'denied_object'],
    [400, 'KMS.DisabledException', 'denied_object'],
    [400, 'KMS.ThrottlingException', 'unavailable_object'],
    [500, 'InternalError', 'unavailable_object'],
  ])('to which S3 says %i %s is a %s', async (status, errorCode, code) => {
    const { told } = await run(named('any'), () => ({ status, code: errorCode }));
    expect(told).toMatchObject([{ code, errorCode }]);
  });

  test('is asked for in the version that was written', async () => {
    const event = s3Event(key('good'), 'ObjectCreated:Put', { versionId: 'v 1' });
    expect((await run(event)).requests).toEqual([expect.stringContaining('versionId=v%201')]);
  });

  test('whose key is a trap is told of without it, in the log and in the notice', async () => {
    const trap = 'CloudTrail/http://evil.example.com/\u202e.json.gz';
    const bad = trailFile([{ hello: 'world' }]);
    const { sent, told } = await run(topicEvent(trailNotice(trap)), () => bad);
    const notice = sent.find(({ topic }) => topic === 'operations')?.Message ?? '';
    expect(notice).toContain('http[:]//evil[.]example[.]com/\\u202e');
    expect(notice).not.toMatch(/http:|\u202e/);
    expect(told).toMatchObject([{ code: 'unreadable_record', position: expect.not.stringContaining('\u202e') }]);
  });
});
