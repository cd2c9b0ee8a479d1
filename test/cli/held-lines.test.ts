import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { HeldLines } from '../../cli/held-lines.ts';

async function released(held: HeldLines, missing: readonly string[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of held.release(missing)) lines.push(line);
  return lines;
}

describe('held lines', () => {
  it('come back in their order, with the missing ones in their places', async () => {
    const held = new HeldLines();
    for (let line = 0; line < 2_500; line++) await held.hold(line % 1_000 === 0 ? undefined : `line ${line}`);
    const lines = await released(held, ['first', 'second', 'third']);
    expect(lines).toHaveLength(2_500);
    expect([lines[0], lines[1_000], lines[2_000]]).toEqual(['first', 'second', 'third']);
    expect([lines[1], lines[999], lines[2_499]]).toEqual(['line 1', 'line 999', 'line 2499']);
  });

  it('may hold every character that JSON leaves as it is', async () => {
    const held = new HeldLines();
    const line = JSON.stringify('a\u2028b\u2029c\u0085d\r\n \u{1f512}');
    await held.hold(undefined);
    await held.hold(line);
    expect(await released(held, ['x'])).toEqual(['x', line]);
  });

  it('leave nothing behind on the disk, not even while they wait', async () => {
    const ours = () => readdirSync(tmpdir()).filter((name) => /^trailbell-\w{6}$/.test(name));
    const before = ours();
    const held = new HeldLines();
    await held.hold('secret');
    expect(ours().filter((name) => !before.includes(name))).toEqual([]);
    await released(held, []);
  });

  it('wait only once there is one, and none is released that was not held', async () => {
    const held = new HeldLines();
    expect(held.waiting).toBe(false);
    expect(await released(held, [])).toEqual([]);
    await held.hold('one');
    expect(held.waiting).toBe(true);
    await released(held, []);
    expect(held.waiting).toBe(false);
  });
});
