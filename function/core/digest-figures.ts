import type { Digest } from './digest.ts';
import { higher, type Severity } from './severity.ts';

/** What a digest says of the whole, in each of its parts. */
export interface DigestFigures {
  readonly severity: Severity;
  readonly count: number;
  readonly targets: number;
  readonly principals: number;
}

/** Of thousands of entries they take as long as the rest of a part. */
const FIGURES = new WeakMap<Digest, DigestFigures>();

/** The figures of a digest: its highest severity, and how many targets and principals are named. */
export function figuresOf(digest: Digest): DigestFigures {
  const known = FIGURES.get(digest);
  if (known !== undefined) return known;
  const { window, held, count } = digest;
  const figures = {
    severity: held.reduce<Severity>((highest, { severity }) => higher(highest, severity), window.severity),
    count: Math.max(count, held.length),
    targets: new Set(held.map(({ target }) => target)).size,
    principals: new Set(held.map(({ principal }) => principal)).size,
  };
  FIGURES.set(digest, figures);
  return figures;
}
