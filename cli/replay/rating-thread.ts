import { parentPort, workerData } from 'node:worker_threads';
import { compilePolicy } from '../../function/core/policy.ts';
import { ObjectReader } from '../input/s3-objects.ts';
import { Rating } from './rating.ts';
import type { FromThread, ThreadData, ToThread } from './thread-messages.ts';
import { rateUnit } from './unit.ts';

// The entry of a thread of a replay: it rates units in the order they come, fetching objects ahead.
if (parentPort !== null) {
  const port = parentPort;
  const { current, proposed, question, descriptors }: ThreadData = workerData;
  const policies = { current: compilePolicy(current), proposed: proposed && compilePolicy(proposed) };
  const rating = new Rating(policies, question, descriptors);
  const objects = new ObjectReader();
  const say = (message: FromThread) => port.postMessage(message);
  let last = Promise.resolve();
  port.on('message', (message: ToThread) => {
    if (message.kind === 'unit' && message.unit.kind === 'object') objects.fetch(message.unit);
    last = last.then(async () => {
      if (message.kind === 'unit') {
        say({
          kind: 'done',
          number: message.number,
          done: await rateUnit(rating, message.unit, message.number, objects),
        });
        return;
      }
      say({ kind: 'parts', parts: rating.finish() });
      port.close();
    });
  });
}
