import type { BackfillTarget } from './options.ts';

/** A price, where it was read, and as of when. */
export interface Price {
  readonly dollars: number;
  /** What the dollars are for. */
  readonly per: number;
  readonly source: string;
}

/** Prices of us-east-1, first tier, without free tiers. */
export const PRICES = {
  'S3 lists': { dollars: 0.005, per: 1_000, source: 'c3x.dev/blog/s3-request-fees-explained, read 2026-11-21' },
  'S3 reads': { dollars: 0.0004, per: 1_000, source: 'c3x.dev/blog/s3-request-fees-explained, read 2026-11-21' },
  'SQS requests': { dollars: 0.4, per: 1_000_000, source: 'cloudburn.io/blog/amazon-sqs-pricing, as of 2026-03' },
  'Kinesis on-demand, GB in': { dollars: 0.08, per: 1, source: 'trek10.com, as of 2023-09' },
} as const satisfies Readonly<Record<string, Price>>;

/** What a backfill would move. */
export interface Amounts {
  readonly objects: number;
  readonly records: number;
  readonly lists: number;
}

/** A part of the cost. */
export interface CostLine {
  readonly what: keyof typeof PRICES;
  readonly amount: number;
  readonly dollars: number;
}

/** Bytes of a record, unpacked, on the average; AWS's own guide estimates with it. */
const BYTES_A_RECORD = 1_500;

/** The parts of a backfill's cost, those of whoever reads the queue included. */
export function costOf(target: BackfillTarget, { objects, records, lists }: Amounts): readonly CostLine[] {
  // Sent in tens, received and deleted one by one.
  const sqs = target === 'queue' ? Math.ceil(objects / 10) + 2 * objects : 0;
  const kinesis = target === 'kinesis' ? (records * BYTES_A_RECORD) / 1e9 : 0;
  const amounts = { 'S3 lists': lists, 'S3 reads': objects, 'SQS requests': sqs, 'Kinesis on-demand, GB in': kinesis };
  const names = Object.keys(PRICES) as (keyof typeof PRICES)[];
  return names.flatMap((what) => {
    const amount = amounts[what];
    const { dollars, per } = PRICES[what];
    return amount === 0 ? [] : [{ what, amount, dollars: (amount / per) * dollars }];
  });
}
