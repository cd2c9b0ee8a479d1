import type { Finding } from './finding.ts';
import { isObject, objectAt, textOf } from './record.ts';

/** Parameters whose list of texts names what a call is about: `names` of `DeleteParameters`, `snapshotIds`. */
const LISTS = /(?:names|ids|arns|identifiers)$/i;

/** No request of AWS has more top-level parameters worth looking at. */
const MAX_PARAMETERS = 200;

/** What tells what a call was made on. */
export type Targeting = Pick<Finding, 'target' | 'region' | 'read'>;

/**
 * Tells targets apart: the name, its Region (two Regions hold different things under one name), and every member of a
 * list, of which a headline shows only the first few. Exact and of any length: hash it before it becomes a key.
 */
export function targetIdentity(finding: Targeting): string {
  const { target, region } = finding;
  return JSON.stringify([target?.parameter ?? '', target?.name ?? '', region ?? '', ...listOf(finding).names]);
}

/** The target as a digest names it, every member of a list included; as recorded and of any length. */
export function targetText(finding: Targeting): string {
  const { target, region } = finding;
  const { parameter, names } = listOf(finding);
  const isList = names.length > 0 && (target === undefined || target.parameter === parameter);
  const one = target ? `${target.parameter}: ${target.name}` : 'no named target';
  return `${isList ? `${parameter}: ${names.join(', ')}` : one}${region ? ` in ${region}` : ''}`;
}

/** The instances of a call on a set of them; else, where no single name tells what a call is about, its list of names. */
function listOf({ target, read }: Targeting): { readonly parameter: string; readonly names: readonly string[] } {
  const parameters = objectAt(read.record, 'requestParameters') ?? {};
  const set = objectAt(parameters, 'instancesSet')?.['items'];
  if (Array.isArray(set)) {
    return {
      parameter: 'instanceId',
      names: set.map((item) => (isObject(item) ? (textOf(item['instanceId']) ?? '') : '')),
    };
  }
  if (target === undefined) {
    for (const parameter of Object.keys(parameters).slice(0, MAX_PARAMETERS)) {
      const list = parameters[parameter];
      if (!LISTS.test(parameter) || !Array.isArray(list)) continue;
      const names = list.flatMap((name) => textOf(name) ?? []);
      if (names.length > 0) return { parameter, names };
    }
  }
  return { parameter: '', names: [] };
}
