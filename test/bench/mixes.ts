import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { subscriptionEvent } from '../../cli/demo/payloads.ts';
import { story } from '../../cli/demo/story/index.ts';
import { classify } from '../../function/core/classify.ts';
import { Counts, countedMatches } from '../../function/core/counting.ts';
import type { Policy } from '../../function/core/policy.ts';
import { readMessage } from '../../function/core/record.ts';

/** Records of one payload. */
const PAYLOAD_RECORDS = 200;
/** Payloads of one mix: enough that caches and branch predictors see variety. */
const PAYLOADS = 20;

const REAL_RECORDS = new URL('../../../shared/data/records.ndjson.gz', import.meta.url);
const TIME = new Date('2026-11-20T12:00:00Z');

/** A mix: subscription events, ready to be handled. */
export interface Mix {
  readonly name: 'quiet' | 'real';
  readonly events: readonly { awslogs: { data: string } }[];
  readonly source: string;
}

/** Real records where they are at hand, else the demo's story; none that would be published. */
export function realMix(policy: Policy): Mix {
  const real = existsSync(REAL_RECORDS);
  const messages = real
    ? gunzipSync(readFileSync(REAL_RECORDS)).toString('utf8').trimEnd().split('\n')
    : story(TIME).map((record) => JSON.stringify(record));
  return {
    name: 'real',
    events: eventsOf(unpublished(policy, messages)),
    source: real ? 'real records' : 'the demo story',
  };
}

/** 60 % whitelisted, 35 % informational, 5 % logged, spread evenly; drawn from the same records as the real mix. */
export function quietMix(policy: Policy): Mix {
  const messages = unpublished(
    policy,
    story(TIME).map((record) => JSON.stringify(record)),
  );
  const by = new Map<string, string[]>();
  for (const message of messages) {
    const { action } = classify(policy, readMessage(message));
    by.set(action, [...(by.get(action) ?? []), message]);
  }
  const wanted = { ignore: 12, quiet: 7, log: 1 } as const;
  const taken = { ignore: 0, quiet: 0, log: 0 };
  const mixed: string[] = [];
  while (mixed.length < PAYLOAD_RECORDS * PAYLOADS) {
    for (const [action, share] of Object.entries(wanted) as [keyof typeof wanted, number][]) {
      const pool = by.get(action) ?? [];
      for (let i = 0; i < share; i++) mixed.push(pool[taken[action]++ % pool.length] ?? '');
    }
  }
  return { name: 'quiet', events: eventsOf(mixed), source: 'the demo story' };
}

/** What is published by itself is left out, and what completes a count, until none is complete. */
function unpublished(policy: Policy, messages: readonly string[]): readonly string[] {
  let kept = messages.filter((message) => classify(policy, readMessage(message)).action !== 'publish');
  for (;;) {
    const counts = new Counts();
    for (const [position, message] of kept.entries()) {
      const read = readMessage(message);
      if (!('unreadable' in read)) counts.add(position, countedMatches(policy, read));
    }
    const firing = counts.firing();
    if (firing.size === 0) return kept;
    kept = kept.filter((_, position) => !firing.has(position));
  }
}

function eventsOf(messages: readonly string[]): Mix['events'] {
  return Array.from({ length: PAYLOADS }, (_, payload) => {
    const from = (payload * PAYLOAD_RECORDS) % Math.max(1, messages.length - PAYLOAD_RECORDS);
    return subscriptionEvent('DATA_MESSAGE', messages.slice(from, from + PAYLOAD_RECORDS), TIME);
  });
}
