import { gunzipSync } from 'node:zlib';
import type { ForwardSettings } from '../../function/forward-settings.ts';
import { parseForwardSettings } from '../../function/forward-settings.ts';
import type { ForwardEnvironment } from '../../function/forwarding/invocation.ts';
import { createLogger } from '../../function/sinks/logger.ts';
import type { StreamRecord } from './kinesis.ts';
import { TIME } from './payloads.ts';

/** An environment of the forward function of real parts, and the lines its log has so far, parsed. */
export function forwardEnvironment(
  streamArn: string,
  parts: Pick<ForwardEnvironment, 'loadS3' | 'loadKinesis'>,
  variables: Readonly<Record<string, string>> = {},
) {
  const text: string[] = [];
  const settings: ForwardSettings = parseForwardSettings({
    STREAM_ARN: streamArn,
    AWS_LAMBDA_FUNCTION_NAME: 'trailbell-forward',
    ...variables,
  });
  const logger = createLogger({ write: (line: string) => void text.push(line) });
  const environment = { settings, logger, ...parts, now: () => new Date(TIME) };
  const lines = () =>
    text
      .join('')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { environment, lines };
}

/** The CloudTrail records that a stream holds, in whatever format. */
export function recordsInStream(stream: readonly StreamRecord[]): Record<string, unknown>[] {
  return stream.flatMap(({ data }) => {
    const text = (data[0] === 0x1f ? gunzipSync(data) : Buffer.from(data)).toString();
    const value = JSON.parse(text) as Record<string, unknown>;
    return Array.isArray(value['Records']) ? (value['Records'] as Record<string, unknown>[]) : [value];
  });
}
