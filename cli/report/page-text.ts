import { neutralise } from '../../function/core/neutral.ts';
import type { Policy } from '../../function/core/policy.ts';
import type { ComparisonReport } from '../replay/comparison.ts';
import type { Report } from '../replay/report.ts';
import type { Stored } from '../replay/stored.ts';
import { NoiseGroups } from '../suggest/noise-groups.ts';
import { chooser, MAX_SHOWN } from './chosen.ts';
import { ColumnsInMaking } from './columns.ts';
import { dataBlock } from './data-block.ts';
import { Explanations } from './explained.ts';
import { FindingsTally } from './findings-tally.ts';
import { noisyGroups } from './noisy-groups.ts';
import { pageAssets } from './page-assets.ts';
import type { Explained, PageData } from './page-data.ts';
import { pageEnd, pageHead } from './page-parts.ts';
import { RecordBlocks } from './record-blocks.ts';
import { coverageOf } from './tactics.ts';

/** What a page is made of. */
export interface PageInput {
  readonly report: Report;
  readonly comparison: ComparisonReport | undefined;
  /** In order of time, the same each time they are asked for. */
  readonly findings: { each(): AsyncIterable<Stored> };
  /** The one that rated them; the proposed one of a comparison. */
  readonly policy: Policy;
  readonly title: string;
  /** From which the proposed entries hold 90 days. Default: the day it is. */
  readonly today?: Date;
  /** Findings on the page. Default: 100,000. */
  readonly most?: number;
}

/** Reasons explained at most: all of an honest policy's. */
const MAX_EXPLAINED = 5_000;

/** The whole page, part by part: the text before the data, the records in blocks, the columns and figures, the program. */
export async function* pageText(input: PageInput): AsyncGenerator<string> {
  const { title, policy, findings, today = new Date(), most = MAX_SHOWN } = input;
  const assets = await pageAssets();
  yield pageHead(title, assets);
  const [tally, noise] = [new FindingsTally(), new NoiseGroups(policy)];
  for await (const stored of findings.each()) {
    tally.add(stored);
    noise.add(stored);
  }
  const isChosen = chooser(tally.severities, most);
  const [columns, blocks] = [new ColumnsInMaking(), new RecordBlocks()];
  const explanations = new Explanations(policy);
  const explained = new Map<string, Explained>();
  const explain = (reason: string) => {
    const said = explained.has(reason) || explained.size >= MAX_EXPLAINED ? undefined : explanations.of(reason);
    if (said !== undefined) explained.set(reason, said);
  };
  for await (const stored of findings.each()) {
    if (!isChosen(stored.mention.severity)) continue;
    columns.add(stored);
    for (const { by, name } of stored.reasons) explain(`${by} ${name}`);
    const block = await blocks.add(stored);
    if (block !== undefined) yield block;
  }
  yield (await blocks.flush()) ?? '';
  const reasons = tally
    .reasons()
    .map((figures) => ({ ...figures, guardrail: explanations.isGuardrail(figures.reason) }));
  for (const { reason } of reasons) explain(reason);
  const data: PageData = {
    title: neutralise(title),
    report: input.report,
    comparison: input.comparison ?? null,
    reasons,
    explained: Object.fromEntries(explained),
    accountNames: Object.fromEntries([...policy.accounts].map(([id, { name }]) => [id, neutralise(name, 100)])),
    coverage: coverageOf(policy, tally.fired),
    noise: noisyGroups(noise, today),
    total: tally.total,
    shown: columns.columns.times.length,
    blocks: blocks.starts,
  };
  yield await dataBlock('columns', JSON.stringify(columns.columns));
  yield await dataBlock('figures', JSON.stringify(data));
  yield pageEnd(assets);
}
