import { automation } from './automation.ts';
import { background } from './background.ts';
import { damage } from './damage.ts';
import { intrusion } from './intrusion.ts';
import { oddities } from './oddities.ts';
import { record, type StoryRecord } from './record.ts';
import { response } from './response.ts';
import { workingDay } from './working-day.ts';

export { accounts } from './actors.ts';
export { unreadableMessage } from './oddities.ts';
export type { StoryRecord } from './record.ts';

/**
 * A day at a small company with three accounts, in whose small hours a stolen key is used: some 380 records,
 * sorted by `eventTime`, all within the UTC day of `day`. The same day always gives the same records, ids included;
 * another day gives other ids.
 * @throws {RangeError} when `day` is no valid date.
 */
export function story(day: Date): StoryRecord[] {
  const date = day.toISOString().slice(0, 10);
  return [background, automation, workingDay, intrusion, damage, response, oddities]
    .flatMap((part) => part())
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map((step, index) => record(step, date, index));
}
