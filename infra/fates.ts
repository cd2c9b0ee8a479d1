import { Construct } from 'constructs';
import { Ledger, type LedgerProps } from './ledger.ts';
import { UndeliveredQueue, type UndeliveredQueueProps } from './undelivered-queue.ts';

/** What remembers findings beyond an invocation: the ledger of those that found their way, the queue of those that did not. */
export class Fates extends Construct {
  readonly ledger: Ledger;
  readonly undelivered: UndeliveredQueue;

  constructor(scope: Construct, id: string, props: LedgerProps & UndeliveredQueueProps) {
    super(scope, id);
    this.ledger = new Ledger(this, 'ledger', props);
    this.undelivered = new UndeliveredQueue(this, 'undelivered', props);
  }
}
