import { SettingsError } from '../../function/environment-variables.ts';
import { type ForwardSettings, parseForwardSettings } from '../../function/forward-settings.ts';
import { runForward } from '../../function/forwarding/invocation.ts';
import { kinesisLoader } from '../../function/sinks/kinesis.ts';
import { s3Loader } from '../../function/sources/objects/s3.ts';
import type { Arguments } from '../command.ts';
import type { Journal } from '../run/journal.ts';
import { queueEvent, type Taker } from '../run/taker.ts';
import { UsageError } from '../usage-error.ts';

/** Takes records to a stream as the forward function does. @throws {UsageError} */
export function streamTaker({ options }: Arguments, journal: Journal): Taker {
  const settings = settingsOf(options, journal.name);
  const loadKinesis = kinesisLoader(settings.stream.region);
  const environment = { settings, logger: journal.logger, loadS3: s3Loader(), loadKinesis, now: () => new Date() };
  return {
    async take(task, deadline) {
      const { failedItems = [] } = await runForward(environment, queueEvent(task), deadline);
      return failedItems.length === 0;
    },
  };
}

/** What the variables of the function are called here. */
const OPTION_OF: Readonly<Record<string, string>> = {
  STREAM_ARN: '--stream',
  STREAM_FORMAT: '--format',
  STREAM_PARTITION_BY: '--partition-by',
};

function settingsOf(options: Arguments['options'], functionName: string): ForwardSettings {
  const text = (name: string) => (typeof options[name] === 'string' ? options[name] : undefined);
  try {
    return parseForwardSettings({
      STREAM_ARN: text('stream'),
      STREAM_FORMAT: text('format'),
      STREAM_PARTITION_BY: text('partition-by'),
      AWS_LAMBDA_FUNCTION_NAME: functionName,
    });
  } catch (cause) {
    if (!(cause instanceof SettingsError)) throw cause;
    const said = cause.message.replace(/\bSTREAM_[A-Z_]+\b/g, (name) => OPTION_OF[name] ?? name);
    throw new UsageError(said.replace(/^settings: /, ''), { cause });
  }
}
