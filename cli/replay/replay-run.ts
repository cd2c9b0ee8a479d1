import { compilePolicy } from '../../function/core/policy.ts';
import type { ExitCode } from '../command.ts';
import { type ComparisonReport, changesOf } from './comparison.ts';
import { Concluding } from './conclusion.ts';
import { FindingsFile } from './findings-file.ts';
import type { Policies } from './policies.ts';
import { type RateOptions, rateAll } from './rate-all.ts';
import { type Report, reportOf } from './report.ts';
import { SpillFile } from './spill-file.ts';
import type { Stored } from './stored.ts';

/** What to replay, and how. */
export interface ReplayOptions extends RateOptions {
  /** Whether findings and changes are asked for one by one. */
  readonly keepsFindings: boolean;
}

/** What a replay came to. To be closed. */
export interface Replay {
  /** Under the current severities. */
  readonly report: Report;
  readonly comparison: ComparisonReport | undefined;
  /** Every finding and every change, where they were asked for. */
  readonly findings: { readonly count: number; each(): AsyncIterable<Stored> };
  /** 1 when an input could not be read, which was said. */
  readonly exitCode: ExitCode;
  /** Gives back the room of what waits on disk. */
  close(): Promise<void>;
}

/**
 * Replays inputs: rates every record in as many threads as there is work for, then looks at what matters in order of time.
 * Memory does not grow with the inputs. What it comes to does not depend on the number of threads.
 * @throws {SyntaxProblem} for a condition that does not parse
 */
export async function replayInputs(options: ReplayOptions): Promise<Replay> {
  const { io, current, proposed, selection, timeline } = options;
  const begun = performance.now();
  const rated = await rateAll(options);
  try {
    const policies: Policies = { current: compilePolicy(current), proposed: proposed && compilePolicy(proposed) };
    const payloads = rated.parts.map(({ descriptors }) => new SpillFile(descriptors.payloads));
    const findings = options.keepsFindings ? new FindingsFile(policies, rated.list, payloads) : undefined;
    const concluding = new Concluding(
      policies,
      { selection, timeline },
      { parts: rated.parts, own: rated.own, findings },
    );
    for (const lines of concluding.run()) await io.out(lines);
    const seconds = (performance.now() - begun) / 1_000;
    const speed = {
      seconds: Math.round(seconds * 1_000) / 1_000,
      recordsPerSecond: Math.round(rated.records / seconds),
      bytes: rated.bytes,
      jobs: rated.jobs,
    };
    const report = reportOf(concluding.parts(0, speed));
    const compared = proposed && reportOf(concluding.parts(1, speed));
    return {
      report,
      comparison: compared && { current: report, proposed: compared, changes: changesOf(concluding.changes) },
      findings: { count: findings?.count ?? 0, each: () => findings?.each() ?? none() },
      exitCode: rated.exitCode,
      close: async () => rated.close(),
    };
  } catch (error) {
    rated.close();
    throw error;
  }
}

async function* none(): AsyncGenerator<never> {}
