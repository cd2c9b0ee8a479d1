import type { Deadline } from '../../function/sinks/sink.ts';

/** News of objects: a message of a queue, or what stands in for one. */
export interface Task {
  /** Names it in logs, and to the ledger. */
  readonly id: string;
  /** A notification of any shape that a queue can hold. */
  readonly body: string;
}

/** Takes the records of what tasks name to where they belong. */
export interface Taker {
  /**
   * @returns true when every object and every record of the task has its fate; else it must be tried again, and why is in
   * the log
   */
  take(task: Task, deadline: Deadline): Promise<boolean>;
}

/** A task as a function that reads a queue gets it: its id comes back among the failed items when it must be tried again. */
export function queueEvent({ id, body }: Task): object {
  return { Records: [{ messageId: id, body, eventSource: 'aws:sqs' }] };
}
