import { availableParallelism } from 'node:os';
import type { Severities } from '../../function/core/severities/model.ts';
import type { ExitCode, Io } from '../command.ts';
import { replayInputs } from '../replay/replay-run.ts';
import { NO_SELECTION } from '../replay/selection.ts';
import type { NoiseGroups } from './noise-groups.ts';

/** Replays the inputs and gives the groups every finding. */
export async function addFindings(
  inputs: readonly string[],
  io: Io,
  current: Severities,
  groups: NoiseGroups,
): Promise<ExitCode> {
  const question = { selection: NO_SELECTION, timeline: undefined };
  const jobs = availableParallelism();
  const replayed = await replayInputs({
    inputs,
    io,
    current,
    proposed: undefined,
    ...question,
    jobs,
    keepsFindings: true,
  });
  try {
    for await (const stored of replayed.findings.each()) groups.add(stored);
    return replayed.exitCode;
  } finally {
    await replayed.close();
  }
}
