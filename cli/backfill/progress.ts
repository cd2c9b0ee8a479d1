/** Milliseconds between two looks at how far a run is. */
const EVERY = 1_000;

/** How far a run is. */
export interface Figures {
  readonly done: number;
  readonly failed: number;
  /** Undefined until everything is counted. */
  readonly total: number | undefined;
}

/** How far a run is, in words: `120 of 3,000 objects (4 %), 48 a second, 1 min left`. @param seconds since it began */
export function progressLine({ done, failed, total }: Figures, seconds: number): string {
  const rate = seconds > 0 ? done / seconds : 0;
  const ofAll =
    total === undefined
      ? `${count(done)} objects, the others being counted`
      : `${count(done)} of ${count(total)} objects (${total === 0 ? 100 : Math.floor((done / total) * 100)} %)`;
  const parts = [ofAll, `${rate < 10 ? rate.toFixed(1) : Math.round(rate)} a second`];
  if (total !== undefined && rate > 0) parts.push(`${duration(Math.max(0, total - done) / rate)} left`);
  if (failed > 0) parts.push(`${count(failed)} failed`);
  return parts.join(', ');
}

/** Shows one line on a terminal, again and again. @returns ends it */
export function showProgress(terminal: { write(text: string): unknown }, figures: () => Figures): () => void {
  const begun = performance.now();
  const show = () => terminal.write(`\r${progressLine(figures(), (performance.now() - begun) / 1_000)}\u001b[K`);
  const timer = setInterval(show, EVERY);
  return () => {
    clearInterval(timer);
    show();
    terminal.write('\n');
  };
}

/** A number as people read it. */
export function count(number: number): string {
  return number.toLocaleString('en-US');
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.ceil(seconds / 60)} min`;
  return `${(seconds / 3_600).toFixed(1)} h`;
}
