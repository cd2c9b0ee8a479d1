import type { Budget } from './budget.ts';
import type { DynamoLoader, DynamoPort } from './port.ts';

/** What a call gives when the ledger did not answer it, for whatever reason: the caller goes on as if there were no ledger. */
export const DOWN = 'down';

/** What a conditional write gives when its condition does not hold. */
export const REFUSED = 'refused';

/** Milliseconds one attempt may take, connecting included. */
const LONGEST_ATTEMPT = 750;

/** Failures in a row after which the invocation asks no more. */
const TOLERATED = 3;

/** Milliseconds before the one retry, at most; at least half of it. */
const PAUSE = 60;

/** Client errors that pass by themselves. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
const THROTTLED = new Set([
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'TransactionConflictException',
]);

interface CallOptions {
  /** Milliseconds this call may be waited for, shared with others. */
  readonly budget: Budget;
  /** True when asking twice does no harm. */
  readonly retry: boolean;
}

/** Calls to the ledger of one invocation: none throws, none outlasts its bounds, and after some failures in a row none is made. */
export class BoundedCalls {
  readonly #load: DynamoLoader;
  readonly #longest: number;
  #inARow = 0;
  #failures = 0;
  #errorCode: string | undefined;

  /** @param patience how many times as long as in a function an attempt may take. @default 1 */
  constructor(load: DynamoLoader, patience = 1) {
    this.#load = load;
    this.#longest = LONGEST_ATTEMPT * patience;
  }

  /** Calls that got no answer, those not made included. */
  get failures(): number {
    return this.#failures;
  }

  /** Name of the first failure's error. */
  get errorCode(): string | undefined {
    return this.#errorCode;
  }

  /** The answer, {@link REFUSED} for a condition that does not hold, else {@link DOWN}. */
  async ask<T>(
    { budget, retry }: CallOptions,
    call: (port: DynamoPort, options: { readonly abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T | typeof REFUSED | typeof DOWN> {
    if (this.#isOver(budget)) return this.gaveUp('OutOfBudget');
    let port: DynamoPort;
    try {
      port = await this.#load();
    } catch (error) {
      this.#inARow++;
      return this.gaveUp(nameOf(error));
    }
    return budget.spend(async () => {
      for (let attempt = 0; ; attempt++) {
        const longest = Math.min(this.#longest, budget.longest);
        const time = Math.min(longest, budget.remaining());
        if (this.#isOver(budget)) return this.gaveUp('OutOfBudget');
        try {
          const answer = await call(port, { abortSignal: AbortSignal.timeout(Math.ceil(time)) });
          this.#inARow = 0;
          return answer;
        } catch (error) {
          const name = nameOf(error);
          if (name === 'ConditionalCheckFailedException') {
            this.#inARow = 0;
            return REFUSED;
          }
          // A budget that much work has used up says nothing of the ledger.
          if (name !== 'AbortError' || time === longest) this.#inARow++;
          if (attempt > 0 || !retry || !isPassing(error)) return this.gaveUp(name);
          await new Promise((resolve) => setTimeout(resolve, (PAUSE * (1 + Math.random())) / 2));
        }
      }
    });
  }

  #isOver(budget: Budget): boolean {
    return this.#inARow >= TOLERATED || budget.remaining() <= 0;
  }

  /** Counts an answer that whoever asked does without. */
  gaveUp(errorCode: string): typeof DOWN {
    this.#failures++;
    this.#errorCode ??= errorCode;
    return DOWN;
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'UnknownError';
}

function isPassing(error: unknown): boolean {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  return status === undefined || status >= 500 || THROTTLED.has(nameOf(error));
}
