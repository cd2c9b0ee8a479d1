const DAY = 24 * 60 * 60_000;

/** No trail is older than CloudTrail. */
const FIRST = Date.UTC(2013, 0, 1);

/**
 * The folders, `YYYY/`, `YYYY/MM/` and `YYYY/MM/DD/`, that hold what was delivered in a range: as few as possible, in the
 * order of their names, and a day more on either side, since a name and its folder may disagree around midnight.
 * @returns one empty name, for everything, where the range has no ends
 */
export function dateFolders(from: Date | undefined, until: Date | undefined, now: Date): readonly string[] {
  if (from === undefined && until === undefined) return [''];
  const first = Math.max(FIRST, dayOf((from?.getTime() ?? FIRST) - DAY));
  const last = dayOf((until ?? now).getTime() + DAY);
  const folders: string[] = [];
  for (let day = first; day <= last; ) {
    const date = new Date(day);
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
    const nextYear = Date.UTC(year + 1, 0, 1);
    const nextMonth = Date.UTC(year, month + 1, 1);
    const [y, m, d] = date.toISOString().slice(0, 10).split('-');
    if (day === Date.UTC(year, 0, 1) && nextYear - DAY <= last) {
      folders.push(`${y}/`);
      day = nextYear;
    } else if (day === Date.UTC(year, month, 1) && nextMonth - DAY <= last) {
      folders.push(`${y}/${m}/`);
      day = nextMonth;
    } else {
      folders.push(`${y}/${m}/${d}/`);
      day += DAY;
    }
  }
  return folders;
}

function dayOf(time: number): number {
  return Math.floor(time / DAY) * DAY;
}
