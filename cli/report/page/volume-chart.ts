import { BarController, BarElement, CategoryScale, Chart, LinearScale, Tooltip } from 'chart.js';
import type { Severity } from '../../../function/core/severity.ts';
import type { VolumeReport } from '../../replay/volume.ts';
import { button, element, plainTable, section } from './elements.ts';
import { severityMark } from './severity-mark.ts';
import { colourOf, onThemed } from './theme.ts';
import { type Bin, binLabel, binsOf } from './volume-bins.ts';
import { counted, figure, SEVEREST_FIRST } from './words.ts';

/** Records over time by severity, severest at the bottom; a bar can be chosen to see the findings of its time. */
export function volumeSection(volume: VolumeReport, choose: (span: readonly [number, number]) => void): HTMLElement {
  const bins = binsOf(volume);
  if (bins.length === 0) return section('volume', 'Volume', 'No record tells its time.');
  const totals = totalsOf(bins);
  const shown = new Set(startingSeverities(totals));
  const canvas = element('canvas', { role: 'img', 'aria-label': spoken(bins, volume), tabindex: -1 });
  const chart = chartOf(canvas, bins, volume, shown, choose);
  const redraw = () => {
    applyColours(chart);
    for (const set of chart.data.datasets) set.hidden = !shown.has(set.label as Severity);
    chart.update('none');
  };
  onThemed(redraw);
  addEventListener('beforeprint', () => chart.resize(680, 240));
  addEventListener('afterprint', () => chart.resize());
  const toggles = SEVEREST_FIRST.map((severity) => {
    const toggle = button(
      severityMark(severity),
      () => {
        if (!shown.delete(severity)) shown.add(severity);
        toggle.setAttribute('aria-pressed', String(shown.has(severity)));
        redraw();
      },
      { class: 'toggle', 'aria-pressed': String(shown.has(severity)) },
    );
    toggle.append(element('span', { class: 'count' }, figure(totals[severity])));
    return toggle;
  });
  return section(
    'volume',
    'Volume by severity',
    `All records by ${volume.unit}, UTC, as they were rated. Choose a bar to list the findings of its time.`,
    element('div', { class: 'toggles', role: 'group', 'aria-label': 'Severities in the chart' }, ...toggles),
    element('div', { class: 'chart' }, canvas),
    asTable(bins, volume),
  );
}

// Hundreds of thousands of harmless records would flatten what the chart is looked at for.
function startingSeverities(totals: Readonly<Record<Severity, number>>): readonly Severity[] {
  const loud = totals.critical + totals.high + totals.medium;
  return loud === 0 ? SEVEREST_FIRST : SEVEREST_FIRST.filter((name) => totals[name] <= loud * 3);
}

function totalsOf(bins: readonly Bin[]): Record<Severity, number> {
  const totals: Record<Severity, number> = { informational: 0, low: 0, medium: 0, high: 0, critical: 0 };
  for (const bin of bins) for (const severity of SEVEREST_FIRST) totals[severity] += bin[severity];
  return totals;
}

function chartOf(
  canvas: HTMLCanvasElement,
  bins: readonly Bin[],
  { unit }: VolumeReport,
  shown: ReadonlySet<Severity>,
  choose: (span: readonly [number, number]) => void,
): Chart<'bar', number[], string> {
  Chart.register(BarController, BarElement, CategoryScale, LinearScale, Tooltip);
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  const color = colourOf('muted');
  return new Chart(canvas, {
    type: 'bar',
    data: {
      labels: bins.map(({ from }) => binLabel(from, unit)),
      datasets: SEVEREST_FIRST.map((severity) => ({
        label: severity,
        data: bins.map((bin) => bin[severity]),
        hidden: !shown.has(severity),
        backgroundColor: colourOf(`${severity}-fill`),
        borderColor: colourOf('card'),
        borderWidth: { top: 1, right: 0, bottom: 0, left: 0 },
        categoryPercentage: 0.92,
        barPercentage: 0.96,
      })),
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: 'index', intersect: false },
      onClick: (_event, [bar]) => {
        const bin = bins[bar?.index ?? -1];
        if (bin !== undefined) choose([bin.start, bin.before]);
      },
      plugins: { tooltip: { itemSort: (a, b) => b.datasetIndex - a.datasetIndex, boxPadding: 4 } },
      scales: {
        x: { stacked: true, grid: { display: false }, ticks: { color, maxRotation: 0, autoSkipPadding: 24 } },
        y: {
          stacked: true,
          beginAtZero: true,
          grid: { color: colourOf('line') },
          ticks: { color, precision: 0, maxTicksLimit: 6 },
          border: { display: false },
        },
      },
    },
  });
}

function applyColours(chart: Chart<'bar', number[], string>): void {
  const [text, line, ground] = [colourOf('muted'), colourOf('line'), colourOf('card')];
  for (const set of chart.data.datasets) {
    set.backgroundColor = colourOf(`${set.label}-fill`);
    set.borderColor = ground;
  }
  for (const axis of Object.values(chart.options.scales ?? {})) {
    if (axis?.ticks) axis.ticks.color = text;
    if (axis?.grid) axis.grid.color = line;
  }
}

function spoken(bins: readonly Bin[], { unit }: VolumeReport): string {
  const busiest = bins.reduce((most, bin) => (bin.published > most.published ? bin : most));
  const published = bins.reduce((sum, bin) => sum + bin.published, 0);
  return `Bar chart of records over time, stacked by severity. ${counted(published, 'finding')} in ${bins.length} bars; most, ${figure(busiest.published)}, from ${binLabel(busiest.from, unit)} UTC. The same figures stand in the table below.`;
}

function asTable(bins: readonly Bin[], { unit }: VolumeReport): HTMLElement {
  const details = element('details', { class: 'as-table' }, element('summary', {}, 'The chart as a table'));
  details.addEventListener(
    'toggle',
    () => {
      const rows = bins.map((bin) => [
        binLabel(bin.from, unit),
        figure(bin.received),
        figure(bin.published),
        ...SEVEREST_FIRST.map((severity) => figure(bin[severity])),
      ]);
      const head = ['From, UTC', 'Records', 'Findings', ...SEVEREST_FIRST];
      const table = plainTable('Records over time by severity', head, rows, [1, 2, 3, 4, 5, 6, 7]);
      details.append(
        element('div', { class: 'wide', tabindex: 0, role: 'region', 'aria-label': 'Records over time' }, table),
      );
    },
    { once: true },
  );
  return details;
}
