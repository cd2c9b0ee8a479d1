import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { batchesOf } from '../../function/sinks/batches.ts';
import { MAX_MESSAGE_BYTES, messageBytes } from '../../function/sinks/topic-message.ts';

describe('batches', () => {
  const outgoing = fc.array(
    fc
      .record({ size: fc.oneof(fc.nat(200), fc.nat(MAX_MESSAGE_BYTES - 20)), wide: fc.boolean() })
      .map(({ size, wide }) => ({
        message: {
          Message: wide ? 'é'.repeat(size >> 1) : 'x'.repeat(size),
          MessageAttributes: { a: { DataType: 'String' as const, StringValue: 'ü' } },
        },
      })),
    { maxLength: 30 },
  );
  test.prop([outgoing], { numRuns: 50 })(
    'hold every message once and in order, at most ten and 256 KB of them',
    (items) => {
      const batches = [...batchesOf(items)];
      expect(batches.flat()).toEqual(items);
      for (const batch of batches) {
        expect(batch.length).toBeGreaterThan(0);
        expect(batch.length).toBeLessThanOrEqual(10);
        expect(batch.reduce((sum, item) => sum + messageBytes(item.message), 0)).toBeLessThanOrEqual(262_144);
      }
    },
  );
});
