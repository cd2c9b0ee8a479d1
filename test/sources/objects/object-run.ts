import { expect } from 'vitest';
import { runInvocation } from '../../../function/invocation.ts';
import { s3Event } from '../../fixtures/lambda-events.ts';
import { testEnvironment, VARIABLES, within } from '../../support/environment.ts';
import { record } from '../../support/payloads.ts';
import { type S3Answer, startS3Stub, trailFile } from '../../support/s3.ts';
import { sns } from '../../support/sns-client.ts';

const REFUSED = { missing: 'NoSuchKey', denied: 'AccessDenied' } as const;
/** An object of two records, one published. */
export const GOOD = trailFile([record('RunInstances'), record('DeleteVolume')]);

/** What S3 has, by the last part of the key; `again` is throttled twice first. */
export function answerTo(path: string, index: number): S3Answer {
  const name = /CloudTrail\/(\w+)/.exec(path)?.[1];
  if (name === 'missing') return { status: 404, code: REFUSED.missing };
  if (name === 'denied') return { status: 403, code: REFUSED.denied };
  if (name === 'corrupt') return GOOD.subarray(0, -20);
  if (name === 'throttled') return { status: 503, code: 'SlowDown' };
  if (name === 'again' && index < 3) return index === 1 ? 'cut' : { status: 503, code: 'SlowDown' };
  return GOOD;
}

/**
 * Runs an event in the alert function with an S3 that answers as told, and holds the balance of its records to be even.
 * @param milliseconds until the function's time is up
 */
export async function run(event: unknown, script = answerTo, milliseconds = 60_000) {
  const s3 = await startS3Stub(script);
  const { load, sent } = sns();
  const variables = { ...VARIABLES, CHAT_TOPIC_ARN: undefined };
  const { environment, lines } = testEnvironment(load, variables, { loadS3: s3.load });
  const outcome = await runInvocation(environment, event, within(milliseconds)).then(
    ({ failedItems }) => ({ failedItems, error: undefined }),
    (error: unknown) => ({ failedItems: undefined, error }),
  );
  await s3.close();
  const figures = (lines().find((line) => '_aws' in line) ?? {}) as Record<string, number>;
  expect(figures['received']).toBe(
    ['whitelisted', 'quiet', 'logged', 'published', 'rejected'].reduce((sum, name) => sum + (figures[name] ?? 0), 0),
  );
  const told = lines().filter(({ level }) => level === 'warn' || level === 'error');
  return { ...outcome, figures, told, sent, requests: s3.requests };
}

/** The key of an object by the last part of its name. */
export const key = (name: string) => `AWSLogs/123456789012/CloudTrail/${name}.json.gz`;
/** S3's notice of it. */
export const named = (name: string) => s3Event(key(name));
/** What logs call it. */
export const path = (name: string) => `s3://trail-logs-111122223333/${key(name)}`;
