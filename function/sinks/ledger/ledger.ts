import { type Deadline, keeping } from '../sink.ts';
import { BoundedCalls } from './bounded-calls.ts';
import { Budget } from './budget.ts';
import { Claims } from './claims.ts';
import type { DynamoLoader } from './port.ts';
import { Table } from './table.ts';

/**
 * Milliseconds an invocation may wait for the ledger, by what for: three and a half seconds together. Each has its own, so that
 * thousands of claims do not leave a storm undecided.
 */
const BUDGET = { counting: 1_000, claiming: 900, storms: 1_000, marking: 600 } as const;

/** Milliseconds one attempt to count may take: an answer that gets lost leaves time to ask again, for what is not counted is lost. */
const LONGEST_COUNTING = 480;

/** Milliseconds before the deadline from which on only marks are made: what is left is for publishing, and handing over. */
const PUBLISHING = 8_000;

/** What one invocation remembers and is told across invocations. Where it does not answer, findings go out. */
export interface Ledger {
  /** For counted detections. */
  readonly counting: Table;
  /** For storm states, what is held back, and the messages of a minute. */
  readonly storms: Table;
  readonly claims: Claims;
  readonly now: () => Date;
  readonly windowMinutes: number;
  /** Calls that got no answer so far. */
  readonly failures: number;
  /** Why the first of them got none. */
  readonly errorCode: string | undefined;
}

/** What a ledger is made of. */
export interface LedgerOptions {
  readonly load: DynamoLoader;
  readonly table: string;
  readonly now: () => Date;
  readonly windowMinutes: number;
  /** How many times as long as in a function answers are waited for. @default 1 */
  readonly patience?: number | undefined;
}

/** Opens the ledger for one invocation; nothing is loaded before there is something to ask. */
export function openLedger(options: LedgerOptions, owner: string, deadline: Deadline): Ledger {
  const { load, now, windowMinutes, patience = 1 } = options;
  const calls = new BoundedCalls(load, patience);
  const table = (milliseconds: number, until: Deadline, longest?: number) =>
    new Table(options.table, calls, new Budget(milliseconds * patience, until, longest && longest * patience));
  const asking = keeping(PUBLISHING, deadline);
  return {
    counting: table(BUDGET.counting, asking, LONGEST_COUNTING),
    storms: table(BUDGET.storms, asking),
    claims: new Claims(table(BUDGET.claiming, asking), table(BUDGET.marking, deadline), { owner, now, deadline }),
    now,
    windowMinutes,
    get failures() {
      return calls.failures;
    },
    get errorCode() {
      return calls.errorCode;
    },
  };
}
