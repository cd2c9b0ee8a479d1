import type { Context } from 'aws-lambda';
import { SettingsError } from './environment-variables.ts';
import { parseSettings } from './settings.ts';
import { publishDueDigests } from './sinks/digests.ts';
import { BoundedCalls } from './sinks/ledger/bounded-calls.ts';
import { Budget } from './sinks/ledger/budget.ts';
import { dynamoLoader } from './sinks/ledger/port.ts';
import { Table } from './sinks/ledger/table.ts';
import { createLogger } from './sinks/logger.ts';
import { metricsLine } from './sinks/metrics.ts';
import { snsLoader } from './sinks/sns.ts';
import { topicsOf } from './sinks/topic-message.ts';

/** Milliseconds kept at the end of a run for the metrics line. */
const RESERVE = 2_000;

const settings = parseSettings(process.env);
const { ledgerTable, functionName } = settings;
if (ledgerTable === undefined) throw new SettingsError(['LEDGER_TABLE is not set']);
const topics = topicsOf(settings.topics);
const logger = createLogger();
const loadSns = snsLoader();
const loadDynamo = dynamoLoader();
const now = () => new Date();

/**
 * The digest function's Lambda handler: publishes the digests that are due, whatever the event. What fails is left for the
 * next run.
 * @returns the figures of the run, by metric name
 */
export async function handler(_event: unknown, context: Context): Promise<Record<string, number>> {
  const deadline = { remaining: () => context.getRemainingTimeInMillis() - RESERVE };
  const calls = new BoundedCalls(loadDynamo);
  const table = new Table(ledgerTable ?? '', calls, new Budget(Number.POSITIVE_INFINITY, deadline));
  const figures = await publishDueDigests({ table, loadSns, topics, logger, now }, deadline);
  if (calls.errorCode !== undefined) logger.warn({ code: 'ledger_not_available', errorCode: calls.errorCode });
  const measured = { ...figures, ledgerFailures: calls.failures };
  logger.info(metricsLine(functionName, measured, {}, now()));
  return measured;
}
