import { afterEach, beforeEach, expect, it } from 'vitest';
import { trailbell } from './command-line.ts';
import { bodyOf, type LoopbackStack, startStack } from './redrive/loopback-stack.ts';
import { startRedrive } from './redrive/process.ts';

let stack: LoopbackStack;

beforeEach(async () => {
  // Builds the command line, so that the killed process does not.
  await trailbell(['redrive', '--help']);
  stack = await startStack();
});

afterEach(() => stack.close());

it('killed again and again, redrive delivers every finding at least once', async () => {
  const ids = Array.from({ length: 80 }, (_, index) => `event-${index}`);
  for (const id of ids) await stack.put(bodyOf(id));
  const outputs = await stack.outputs();
  const delivered: string[] = [];
  for (let run = 0; run < 3; run++) {
    const { code } = await startRedrive(outputs, 20, (text, kill) => {
      if (text.includes('wait')) setTimeout(() => kill('SIGKILL'), 300 + Math.random() * 700);
    });
    expect(code).toBeNull();
    delivered.push(...(await stack.delivered()));
  }
  expect(delivered.length).toBeLessThan(80);
  // What the killed ones had in hand comes back.
  await new Promise((resolve) => setTimeout(resolve, 31_000));
  expect((await startRedrive(outputs, 100, () => undefined)).code).toBe(0);
  delivered.push(...(await stack.delivered()));
  expect([...new Set(delivered)].sort()).toEqual(ids.map((id) => `finding ${id}`).sort());
  // Each kill may fall between SNS and ledger once.
  expect(delivered.length - ids.length).toBeLessThanOrEqual(3);
  expect(await stack.waiting()).toEqual({ visible: 0, hidden: 0 });
});
