// Loaded before a function: lets its days pass sooner, and says at SIGUSR2 what its heap holds after a collection.
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const epoch = Number(process.env.SOAK_EPOCH);
const pace = Number(process.env.SOAK_PACE);

// Only the time of day that the product asks for: deadlines and back-offs are by other clocks and stay real.
globalThis.Date = new Proxy(Date, {
  construct: (target, given, as) =>
    Reflect.construct(target, given.length === 0 ? [epoch + (target.now() - epoch) * pace] : given, as),
});

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

process.on('SIGUSR2', () => {
  collect();
  collect();
  process.stdout.write(`heap-after-gc ${getHeapStatistics().used_heap_size}\n`);
});
