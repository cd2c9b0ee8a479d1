import type { Service, ServiceCall } from './fault-calls.ts';
import type { Fault, FaultScript } from './fault-proxy.ts';

/** Which calls a fault is about: a service's, maybe of one action or to one topic. */
export interface Where {
  readonly service: Service;
  readonly action?: string;
  /** End of a topic's or queue's name. */
  readonly target?: string;
}

/** Nothing goes wrong. */
export const healthy: FaultScript = () => undefined;

/** The fault at every such call. */
export function always(where: Where, fault: Fault): FaultScript {
  return (call) => (isAt(where, call) ? fault : undefined);
}

/** The fault at the first `count` such calls. */
export function first(count: number, where: Where, fault: Fault): FaultScript {
  let left = count;
  return (call) => (isAt(where, call) && left-- > 0 ? fault : undefined);
}

/** The fault at the `number`-th such call, counted from 1. */
export function at(number: number, where: Where, fault: Fault): FaultScript {
  let seen = 0;
  return (call) => (isAt(where, call) && ++seen === number ? fault : undefined);
}

/** The first of the scripts that has a fault for a call decides. */
export function together(...scripts: readonly FaultScript[]): FaultScript {
  return (call) => {
    const faults = scripts.map((script) => script(call));
    return faults.find((fault) => fault !== undefined);
  };
}

/** A share of all calls goes wrong, each in one of these ways; the same calls in the same order for the same seed. */
export function atRandom(
  seed: number,
  share: number,
  faults: Readonly<Record<Service, readonly [Fault, ...Fault[]]>>,
): FaultScript {
  let state = seed >>> 0;
  // Mulberry32.
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return ({ service }) => {
    if (random() >= share) return undefined;
    const of = faults[service];
    return of[Math.floor(random() * of.length)] ?? of[0];
  };
}

function isAt({ service, action, target }: Where, call: ServiceCall): boolean {
  return (
    call.service === service &&
    (action === undefined || call.action === action) &&
    (target === undefined || call.target.endsWith(target))
  );
}
