import { neutralise } from '../../function/core/neutral.ts';
import { isObject } from '../../function/core/record.ts';
import { AwsProblem, asking } from '../aws/problem.ts';
import { loadLambda } from './lambda-client.ts';

/** Invokes the function. Both methods throw an AwsProblem when the event was not taken. */
export interface FunctionInvoker {
  /** Hands an event over; what fails again comes back to the failure bucket. */
  event(event: string): Promise<void>;
  /**
   * Hands over a batch of a stream and waits. Only a caller who waits reads in the answer which items failed; invoked as an
   * event, Lambda would take such an answer for a success.
   */
  batch(event: string): Promise<void>;
}

/** The alias that subscriptions invoke: failures of another qualifier go nowhere. */
const QUALIFIER = 'live';

/** Opens a function of the account in use; loads the client when there is first something to invoke. */
export function openFunction(FunctionName: string, region: string): FunctionInvoker {
  let lambda: ReturnType<typeof loadLambda> | undefined;
  const invoke = async (InvocationType: 'Event' | 'RequestResponse', Payload: string) => {
    lambda ??= loadLambda(region);
    const { client, InvokeCommand } = await lambda;
    return asking('lambda:InvokeFunction', () =>
      client.send(new InvokeCommand({ FunctionName, Qualifier: QUALIFIER, InvocationType, Payload })),
    );
  };
  return {
    async event(event) {
      const { StatusCode } = await invoke('Event', event);
      if (StatusCode !== 202) throw new AwsProblem(`Lambda answered ${StatusCode} in place of 202`);
    },
    async batch(event) {
      const { FunctionError, Payload } = await invoke('RequestResponse', event);
      const text = Payload?.transformToString() ?? '';
      if (FunctionError !== undefined) throw new AwsProblem(`the function failed again: ${neutralise(text)}`);
      const failed = failedItems(text);
      if (failed === undefined) throw new AwsProblem(`the function gave no batch response: ${neutralise(text)}`);
      if (failed > 0) throw new AwsProblem(`the function failed again on ${failed} item(s) of the batch`);
    },
  };
}

function failedItems(text: string): number | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    const items = isObject(answer) ? answer['batchItemFailures'] : undefined;
    return Array.isArray(items) ? items.length : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
