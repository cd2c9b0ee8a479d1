import { type Indexing, indexEvent } from '../../function/indexing/index-event.ts';
import { queueEvent, type Taker } from './taker.ts';

/** Takes records to an output as the index function does: batches, retries, dead letters. */
export function recordTaker(indexing: Indexing): Taker {
  return {
    async take(task, deadline) {
      const { failedItems = [] } = await indexEvent(indexing, queueEvent(task), deadline);
      return failedItems.length === 0;
    },
  };
}
