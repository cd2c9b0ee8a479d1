import pino, { type DestinationStream, type Logger } from 'pino';

export type { Logger } from 'pino';

/**
 * The one logger of a process: a JSON line a call, written before the call returns, so that a killed process loses none.
 * Lines carry a level label and nothing of the host; CloudWatch Logs adds the time.
 */
export function createLogger(destination: DestinationStream = pino.destination({ fd: 1, sync: true })): Logger {
  return pino({ base: null, timestamp: false, formatters: { level: (label) => ({ level: label }) } }, destination);
}
