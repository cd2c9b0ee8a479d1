import { subscriptionEvent } from '../../cli/demo/payloads.ts';
import { DEMO_CREDENTIALS } from '../../cli/demo/servers.ts';
import { story } from '../../cli/demo/story/index.ts';
import { measureMemory } from '../support/memory.ts';

/** Compressed bytes of the payload: what Lambda's asynchronous invocation carries at most. */
const COMPRESSED_BYTES = 1024 * 1024;
const TIME = new Date('2026-11-20T12:00:00Z');

/** What one payload of a megabyte, compressed, takes in the bundle. */
export interface HeapFigures {
  readonly peakHeapBytes: number;
  readonly residentBytes: number;
  readonly compressedBytes: number;
  readonly records: number;
}

/** Measures the heap of the bundle over one payload of about 1 MB, compressed. */
export async function measurePeakHeap(taskRoot: string): Promise<HeapFigures> {
  const arn = (name: string) => `arn:aws:sns:eu-central-1:123456789012:${name}`;
  const environment = {
    ALERTS_TOPIC_ARN: arn('alerts'),
    FINDINGS_TOPIC_ARN: arn('findings'),
    OPERATIONS_TOPIC_ARN: arn('operations'),
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: DEMO_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: DEMO_CREDENTIALS.secretAccessKey,
  };
  const messages = quietMessages();
  const event = subscriptionEvent('DATA_MESSAGE', messages, TIME);
  const { results, peaks } = await measureMemory({
    taskRoot,
    environment,
    events: [event],
    memoryMb: 512,
    timeoutMs: 60_000,
  });
  const failed = results.find(({ ok }) => !ok);
  if (failed) throw new Error(JSON.stringify(failed));
  return {
    peakHeapBytes: peaks.heap,
    residentBytes: peaks.resident,
    compressedBytes: Buffer.byteLength(event.awslogs.data, 'base64'),
    records: messages.length,
  };
}

/** Reads of the story with ids of their own, so that they compress as real ones do, up to the size. */
function quietMessages(): string[] {
  const reads = story(TIME).filter((record) => record.eventName === 'Decrypt' && !record.errorCode);
  const messages: string[] = [];
  // Ids are what does not compress: some 70 bytes a record.
  let seed = 1;
  for (let bytes = 0; bytes < COMPRESSED_BYTES; bytes += 70) {
    const record = reads[messages.length % reads.length];
    const id = () => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed.toString(16).padStart(8, '0');
    };
    const uuid = () => `${id()}-${id().slice(4)}-4${id().slice(5)}-a${id().slice(5)}-${id()}${id().slice(4)}`;
    messages.push(JSON.stringify({ ...record, eventID: uuid(), requestID: uuid() }));
  }
  return messages;
}
