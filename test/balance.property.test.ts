import { fc, test as property } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { UndeliveredError } from '../function/fate-errors.ts';
import { runInvocation } from '../function/invocation.ts';
import { ODD, UNREADABLE } from './fixtures/messages.ts';
import { testEnvironment, within } from './support/environment.ts';
import { eventOf, packed, payload, record } from './support/payloads.ts';
import { sns } from './support/sns-client.ts';

describe('the balance', () => {
  const message = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        ...[
          'RunInstances',
          'StopInstances',
          'Decrypt',
          'DescribeInstances',
          'DeleteVolume',
          'DisableEbsEncryptionByDefault',
          'Anything',
        ].map((name) => JSON.stringify(record(name))),
      ),
    },
    fc.constantFrom(...UNREADABLE.map(([, value]) => value).filter((value) => String(value).length < 1_000)),
    fc.constantFrom(...ODD.map(([, value]) => value).filter((value) => value.length < 30_000)),
    fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)),
    fc
      .record({
        eventSource: fc.jsonValue({ maxDepth: 1 }),
        eventName: fc.jsonValue({ maxDepth: 1 }),
        eventTime: fc.string(),
        errorCode: fc.string(),
      })
      .map((value) => JSON.stringify(value)),
    fc.string(),
  );
  const event = fc.oneof(
    { weight: 8, arbitrary: fc.array(message, { maxLength: 40 }).map(eventOf) },
    fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 8 }).map((logEvents) => packed(payload(logEvents))),
    fc.constantFrom<unknown>(packed(payload([], { messageType: 'CONTROL_MESSAGE' })), { awslogs: { data: '?' } }, {}),
  );

  property.prop(
    [
      event,
      fc.array(fc.constantFrom(undefined, undefined, 'InvalidParameter', 'AuthorizationError'), { minLength: 1 }),
    ],
    { numRuns: 150 },
  )(
    'holds for records and for findings, whatever arrives and whatever SNS says, in the answer and in the metrics line',
    async (arrived, codes) => {
      let turn = 0;
      const { load, sent } = sns(() => codes[turn++ % codes.length]);
      const { environment, lines } = testEnvironment(load);
      const outcome = await runInvocation(environment, arrived, within(60_000)).catch((error: unknown) => error);
      const figures = lines().find((line) => '_aws' in line) as Record<string, number>;
      const sum = (...names: string[]) => names.reduce((total, name) => total + (figures[name] ?? Number.NaN), 0);
      expect(figures['received']).toBe(sum('whitelisted', 'quiet', 'logged', 'published', 'rejected'));
      expect(sum('informational', 'low', 'medium', 'high', 'critical')).toBe(sum('quiet', 'logged', 'published'));
      for (const topic of figures['deliveriesFailed'] ? [] : ['alerts', 'findings', 'chat']) {
        expect(figures[`${topic}/findings`]).toBe(figures['published']);
        expect(sum(...['delivered', 'repeated', 'heldBack', 'undelivered'].map((fate) => `${topic}/${fate}`))).toBe(
          figures['published'],
        );
        expect(sent.filter((message) => message.topic === topic)).toHaveLength(figures[`${topic}/delivered`] ?? -1);
      }
      expect(outcome instanceof UndeliveredError).toBe((figures['undelivered'] ?? 0) > 0);
      if (!(outcome instanceof Error)) expect(figures).toMatchObject((outcome as { figures: object }).figures);
    },
  );
});
