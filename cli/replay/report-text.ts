import { type Paint, plain } from '../terminal/colour.ts';
import type { Report } from './report.ts';
import { balanceLine, column, findingsLine, mentionLine, messagesLine, spanLine, speedLine } from './report-lines.ts';

export { balanceLine, column, findingsLine, mentionLine, messagesLine, spanLine } from './report-lines.ts';

/** Hours of the day that are shown: those in which most came. */
const BUSIEST = 5;

/** A report for the terminal, ending in a line end. Nothing in it can steer a terminal: the report is neutralised. */
export function reportText(report: Report, paint: Paint = plain): string {
  const { published, findings } = report;
  return [
    spanLine(report),
    `Severities ${report.policyVersion}`,
    '',
    balanceLine(report),
    findingsLine(report),
    messagesLine(report),
    ...storms(report),
    ...table('Severities', report.severities),
    ...table('Codes', report.codes),
    ...ranking(report, 'reasons', 'Reasons, the strongest of each record', ({ by, name }) => `${by} ${name}`),
    ...ranking(report, 'principals', 'Principals', ({ name, account }) => (account ? `${name}, ${account}` : name)),
    ...ranking(report, 'accounts', 'Accounts', ({ id, name }) => (name ? `${name} (${id})` : id)),
    ...ranking(report, 'regions', 'Regions', ({ name }) => name),
    ...hours(report),
    ...(findings.length > 0 ? ['', `Read first, ${findings.length} of ${published}`] : []),
    ...findings.map((finding) => `  ${paint(finding.severity, mentionLine(finding))}`),
    '',
    speedLine(report),
    '',
  ].join('\n');
}

function table(title: string, figures: Readonly<Record<string, number>>): string[] {
  const lines = Object.entries(figures).map(([name, figure]) => `${column(figure)}  ${name}`);
  return lines.length > 0 ? ['', title, ...lines] : [];
}

function hours({ hours }: Report): string[] {
  const busiest = hours
    .filter(({ records }) => records > 0)
    .sort((a, b) => b.published - a.published || b.records - a.records || a.hour - b.hour)
    .slice(0, BUSIEST);
  if (busiest.length === 0) return [];
  return [
    '',
    'Busiest hours of the day, UTC: published, of how many records',
    ...busiest.map(({ hour, records, published }) => {
      const [from, to] = [hour, hour + 1].map((one) => String(one).padStart(2, '0'));
      return `${column(published)} ${column(records)}  ${from}:00 to ${to}:00`;
    }),
  ];
}

function storms({ storms, lowerBounds }: Report): string[] {
  if (storms.length === 0) return [];
  const atLeast = lowerBounds.includes('storms') ? ', each at least' : '';
  return [
    '',
    `Held back for digests: findings${atLeast}`,
    ...storms.map(
      ({ heldBack, by, name, account }) => `${column(heldBack)}  ${by} ${name}${account ? `, ${account}` : ''}`,
    ),
  ];
}

function ranking<K extends 'reasons' | 'principals' | 'accounts' | 'regions'>(
  report: Report,
  kind: K,
  title: string,
  label: (entry: Report[K][number]) => string,
): string[] {
  const entries: readonly Report[K][number][] = report[kind];
  if (entries.length === 0) return [];
  const atLeast = report.lowerBounds.includes(kind) ? ', each at least' : '';
  return [
    '',
    `${title}: published, of how many records${atLeast}`,
    ...entries.map((entry) => `${column(entry.published)} ${column(entry.records)}  ${label(entry)}`),
  ];
}
