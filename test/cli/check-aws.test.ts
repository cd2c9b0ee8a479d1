import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { checkAgainstAws } from '../../cli/check-aws.ts';
import { readSeverities } from '../../cli/severities-folder.ts';
import { compileFilterPattern } from '../../function/core/filter-pattern/compile.ts';
import { type ApiCall, ApiError, type AwsApi, recordingIo, startAwsApi } from './aws-api.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const DAY = new Date('2026-11-20T00:00:00Z');
const NAMELESS = '$.eventSource NOT EXISTS || $.eventSource IS NULL || $.eventName NOT EXISTS || $.eventName IS NULL';
const PATTERN = `{ ${NAMELESS} || $.eventSource != "kms.amazonaws.com" || $.eventName != "Decrypt" }`;
const ENTRY = { id: 'decrypt', eventSource: 'kms.amazonaws.com', eventNames: ['Decrypt'], reason: 'Most of a trail.' };

let api: AwsApi | undefined;

afterEach(async () => {
  await api?.close();
  api = undefined;
});

/** What TestMetricFilter answers where AWS evaluates `pattern`, whatever it was asked. */
function evaluating(pattern: string) {
  const passes = compileFilterPattern(pattern);
  return ({ input }: ApiCall) => {
    const messages = input['logEventMessages'] as string[];
    const matches = messages.flatMap((eventMessage, eventNumber) =>
      passes(JSON.parse(eventMessage)) ? [{ eventNumber, eventMessage, extractedValues: {} }] : [],
    );
    return { matches };
  };
}

async function check(answer: (call: ApiCall) => Record<string, unknown> | ApiError, pattern = PATTERN) {
  api = await startAwsApi({ TestMetricFilter: answer });
  const io = recordingIo(ROOT);
  const shipped = await readSeverities(join(ROOT, 'severities'));
  const severities = { ...shipped, policy: { ...shipped.policy, whitelist: [ENTRY] } };
  const kept = [{ id: 'roles', why: 'has when' }];
  const code = await checkAgainstAws(io, severities, { pattern, pushed: ['decrypt'], kept }, DAY, 'eu-central-1');
  return { code, output: io.output(), said: io.said(), calls: api.calls };
}

describe('check --aws', () => {
  it('is content when AWS evaluates the pattern as trailbell does', async () => {
    const { code, output } = await check(evaluating(PATTERN));
    expect(output).toMatch(/AWS was shown \d+ records and dropped [1-9]\d*; 0 difference\(s\)/);
    expect(code).toBe(0);
  });

  it('sends whitelisted and other records, at most 50 a call, each text once', async () => {
    const { calls } = await check(evaluating(PATTERN));
    const sent = calls.map(({ input }) => input['logEventMessages'] as string[]);
    expect(Math.max(...sent.map(({ length }) => length))).toBe(50);
    expect(new Set(sent.flat()).size).toBe(sent.flat().length);
    const passes = compileFilterPattern(PATTERN);
    expect(new Set(sent.flat().map((text) => passes(JSON.parse(text))))).toEqual(new Set([true, false]));
  });

  it('prints records that AWS would drop and no entry whitelists', async () => {
    const { code, output } = await check(evaluating('{ $.eventSource != "kms.amazonaws.com" }'));
    expect(code).toBe(1);
    expect(output).toContain('AWS drops a record that is not whitelisted: {"eventSource":"kms.amazonaws.com"');
  });

  it('prints records that AWS lets through and trailbell would not', async () => {
    const { code, output } = await check(evaluating('{ $.eventID = "*" }'));
    expect(code).toBe(1);
    expect(output).toMatch(/AWS lets through, trailbell drops: .*"Decrypt"/);
  });

  it('asks AWS nothing when nothing is pushed down, and says why', async () => {
    const { code, output, calls } = await check(evaluating(PATTERN), '');
    expect(code).toBe(0);
    expect(output).toMatch(/not pushed down: roles \(has when\)\nAWS was not asked/);
    expect(calls).toEqual([]);
  });

  it('names the permission it lacks', async () => {
    const { code, said } = await check(() => new ApiError('AccessDeniedException'));
    expect(code).toBe(1);
    expect(said).toContain('may not logs:TestMetricFilter');
  });
});
