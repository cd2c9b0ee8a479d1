import type { Mention } from './mention.ts';
import type { Report } from './report.ts';

/** A report for the terminal, ending in a line end. Nothing in it can steer a terminal: the report is neutralised. */
export function reportText(report: Report): string {
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
    ...(findings.length > 0 ? ['', `Read first, ${findings.length} of ${published}`] : []),
    ...findings.map((finding) => `  ${mentionLine(finding)}`),
    '',
  ].join('\n');
}

/** How many records there are, and from when. */
export function spanLine({ received, from, to }: Report): string {
  return `${received} record(s)${from !== null && to !== null ? `, ${from} to ${to}` : ''}`;
}

/** The balance: each record counts once. */
export function balanceLine({ received, ...report }: Report): string {
  const names = ['whitelisted', 'quiet', 'logged', 'published', 'rejected'] as const;
  return `Balance: ${received} received = ${names.map((name) => `${report[name]} ${name}`).join(' + ')}`;
}

/** How many findings people would have got. */
export function findingsLine({ published, publishedPer1000, onTrial }: Report): string {
  const trial = onTrial > 0 ? `; ${onTrial} more by detections on trial` : '';
  return `Findings: ${published}, ${publishedPer1000} per 1,000 records${trial}`;
}

/** How many messages that is for a person, storms held back and repeats left out. */
export function messagesLine({ messages: { messages, atOnce, digests, heldBack, repeated, isExact } }: Report): string {
  const held = heldBack > 0 ? ` and ${digests} digest(s) naming the ${heldBack} held back` : '';
  const repeats = repeated > 0 ? `; ${repeated} sent before` : '';
  return `Messages after storm control: ${isExact ? '' : 'at most '}${messages}, ${atOnce} at once${held}${repeats}`;
}

/** One record in one line: when, and the subject of its mail or else who called what. */
export function mentionLine({ eventTime, eventID, subject, call, principal }: Mention): string {
  return `${eventTime ?? 'no eventTime'}  ${subject ?? `${call} by ${principal}`}  ${eventID ?? 'no eventID'}`;
}

/** A figure as the first column of a table. */
export function column(figure: number): string {
  return String(figure).padStart(9);
}

function table(title: string, figures: Readonly<Record<string, number>>): string[] {
  const lines = Object.entries(figures).map(([name, figure]) => `${column(figure)}  ${name}`);
  return lines.length > 0 ? ['', title, ...lines] : [];
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
