import { type Environment, runInvocation } from '../../function/invocation.ts';
import { queueEvent, type Taker } from './taker.ts';

/** Takes records to the topics as the alert function does: classified, logged, published once, objects of the past left out. */
export function alertTaker(environment: Environment): Taker {
  return {
    async take(task, deadline) {
      // Every try of a message has its id: what an earlier one claimed and left, a later one sends.
      const { failedItems = [] } = await runInvocation(environment, queueEvent(task), deadline, task.id);
      return failedItems.length === 0;
    },
  };
}
