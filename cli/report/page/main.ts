import { beforeAfterSection } from './before-after.ts';
import { coverageSection } from './coverage.ts';
import { element } from './elements.ts';
import { findingsPart } from './findings.ts';
import { FindingsTable } from './findings-table.ts';
import { messagesSection, noiseSection } from './noise.ts';
import { overviewSection, pageHeader } from './overview.ts';
import { reasonsSection } from './reasons.ts';
import { printInLight } from './theme.ts';
import { unpackPage } from './unpack.ts';
import { volumeSection } from './volume-chart.ts';

const LABELS: Readonly<Record<string, string>> = {
  overview: 'Overview',
  changes: 'Before and after',
  volume: 'Volume',
  reasons: 'What fired',
  noise: 'Noise',
  coverage: 'ATT&CK',
  messages: 'Messages',
  findings: 'Every finding',
};

async function show(page: HTMLElement): Promise<void> {
  const { data, columns } = await unpackPage();
  const table = new FindingsTable(columns);
  const findings = findingsPart(data, table);
  const parts = [
    overviewSection(data),
    data.comparison === null ? null : beforeAfterSection(data.comparison, findings.go),
    volumeSection(data.report.volume, findings.listSpan),
    reasonsSection(data, table, findings.go),
    noiseSection(data, findings.go),
    coverageSection(data),
    messagesSection(data),
    findings.section,
  ].filter((part) => part !== null);
  const links = parts.map(({ id }) => [id, LABELS[id] ?? id] as const);
  page.replaceChildren(
    pageHeader(data, links),
    element('main', {}, ...parts),
    element('footer', {}, element('p', {}, 'Made by trailbell replay. Nothing on this page is sent anywhere.')),
  );
  printInLight();
  document.documentElement.dataset['ready'] = 'true';
}

const page = document.getElementById('page');
if (page !== null) {
  show(page).catch((error: unknown) => {
    const said = element('p', { class: 'loading', role: 'alert' }, `This report cannot be shown: ${String(error)}`);
    page.replaceChildren(said);
    throw error;
  });
}
