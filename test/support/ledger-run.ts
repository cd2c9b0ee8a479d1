import type { AlertParts } from '../../function/alert-environment.ts';
import { runInvocation } from '../../function/invocation.ts';
import { testEnvironment, VARIABLES, within } from './environment.ts';
import type { LedgerFault, TestLedger } from './ledger.ts';
import { TIME } from './payloads.ts';
import { sns } from './sns-client.ts';

/** One function with a ledger, SNS without a network. */
export interface LedgerRunOptions {
  readonly fault?: LedgerFault;
  readonly refuses?: (message: string, topic: string) => string | undefined;
  /** Minutes after the time of the records. */
  readonly minutes?: number;
  readonly variables?: Readonly<Record<string, string | undefined>>;
  readonly parts?: Partial<AlertParts>;
  readonly owner?: string;
  /**
   * How many times as long as a function it waits for the ledger. @default 20, so that a busy machine changes no answer;
   * tests of time say 1
   */
  readonly patience?: number;
  readonly milliseconds?: number;
}

/** Runs one event in a function of its own. A failed invocation gives its error instead of figures. */
export async function runWith(ledger: TestLedger, event: unknown, options: LedgerRunOptions = {}) {
  const { fault, refuses, minutes = 0, variables = {}, parts = {}, owner, patience = 20 } = options;
  const { milliseconds = 60_000 } = options;
  const { load, sent } = sns(refuses);
  const { load: loadDynamo, calls } = ledger.loader(fault);
  const now = () => new Date(Date.parse(TIME) + minutes * 60_000);
  const { environment, lines } = testEnvironment(
    load,
    { ...VARIABLES, CHAT_TOPIC_ARN: undefined, LEDGER_TABLE: ledger.table, ...variables },
    { loadDynamo, now, patience, ...parts },
  );
  const started = performance.now();
  const answer = await runInvocation(environment, event, within(milliseconds), owner).then(
    ({ figures }) => ({ figures, error: undefined }),
    (error: unknown) => ({ figures: undefined, error }),
  );
  const metrics = (lines().find((line) => '_aws' in line) ?? {}) as Record<string, number>;
  return { ...answer, metrics, sent, calls, lines, took: performance.now() - started };
}

/** Keys of the findings that a topic was sent, in order. */
export function keysOn(sent: readonly { readonly topic: string; readonly Message: string }[], topic = 'findings') {
  return sent.filter((message) => message.topic === topic).map(({ Message }) => JSON.parse(Message).dedupKey as string);
}
