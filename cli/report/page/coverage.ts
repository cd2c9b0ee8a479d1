import type { PageData, TacticCoverage } from '../page-data.ts';
import { bar, element, plainTable, section } from './elements.ts';
import { counted, figure } from './words.ts';

/** What the policy watches of each ATT&CK tactic, and what fired. */
export function coverageSection({ coverage }: PageData): HTMLElement {
  const most = Math.max(1, ...coverage.map(({ detections, rows }) => detections + rows));
  return section(
    'coverage',
    'Coverage by ATT&CK tactic',
    'How many detections and rows of the severities name a technique of the tactic, and how many findings fired for one. A technique can serve several tactics. Facts of MITRE ATT&CK v18.1.',
    element('div', { class: 'tactics' }, ...coverage.map((tactic) => card(tactic, most))),
  );
}

function card({ id, name, detections, rows, fired, techniques }: TacticCoverage, most: number): HTMLElement {
  const kind = fired > 0 ? 'fired' : detections + rows > 0 ? 'watched' : 'unwatched';
  const state = fired > 0 ? counted(fired, 'finding') : detections + rows > 0 ? 'nothing fired' : 'not watched';
  return element(
    'article',
    { class: `tactic ${kind}` },
    element('h3', {}, name),
    element('p', { class: 'muted' }, id),
    element('p', { class: 'state' }, state),
    bar((detections + rows) / most, 'neutral'),
    element('p', { class: 'muted' }, `${counted(detections, 'detection')}, ${counted(rows, 'row')}`),
    techniques.length === 0
      ? null
      : element('details', {}, element('summary', {}, counted(techniques.length, 'technique')), list(name, techniques)),
  );
}

function list(tactic: string, techniques: TacticCoverage['techniques']): HTMLElement {
  const rows = techniques.map(({ id, name, detections, rows, fired }) => [
    element('span', { title: detections.join(', ') }, `${id} ${name ?? ''}`),
    figure(detections.length),
    figure(rows),
    figure(fired),
  ]);
  return plainTable(`Techniques of ${tactic}`, ['Technique', 'Detections', 'Rows', 'Fired'], rows, [1, 2, 3]);
}
