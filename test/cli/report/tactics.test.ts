import { describe, expect, it } from 'vitest';
import { coverageOf, FiredTechniques, techniqueOf } from '../../../cli/report/tactics.ts';
import { pathsUnder, textOf } from '../../house/source-files.ts';
import { detection, policyOf } from '../../support/policies.ts';
import { companyPolicy } from './company.ts';

const named = new Set(
  [...pathsUnder('severities'), 'function/core/severities/drafted-rows.ts'].flatMap((path) =>
    [...textOf(path).matchAll(/["'](T\d{4}(?:\.\d{3})?)["']/g)].map(([, id = '']) => id),
  ),
);

describe('the table of techniques', () => {
  it('has every technique that severities name', () => {
    expect(named.size).toBeGreaterThan(100);
    expect([...named].filter((id) => techniqueOf(id).name === null)).toEqual([]);
  });

  it('gives a sub-technique it does not hold the tactics of its parent', () => {
    expect(techniqueOf('T1098.999')).toEqual({ name: null, tactics: ['persistence', 'privilege-escalation'] });
    expect(techniqueOf('T9999').tactics).toEqual(['elsewhere']);
  });
});

describe('coverage', () => {
  it('names all fourteen tactics in the order of the matrix', async () => {
    const coverage = coverageOf(await companyPolicy(), new FiredTechniques());
    expect(coverage.map(({ id }) => id).join(' ')).toBe(
      'TA0043 TA0042 TA0001 TA0002 TA0003 TA0004 TA0005 TA0006 TA0007 TA0008 TA0009 TA0011 TA0010 TA0040',
    );
    expect(coverage.filter(({ detections }) => detections > 0).length).toBeGreaterThan(10);
  });

  it('counts detections once a tactic, and findings once for each tactic and technique', () => {
    const policy = policyOf({
      detections: [detection({ techniques: ['T1098', 'T1136.003'] })],
      rows: {
        'iam.amazonaws.com': { CreateUser: { severity: 'high', reason: 'A lasting user.', techniques: ['T1136.003'] } },
      },
    });
    const fired = new FiredTechniques();
    fired.add([{ attack: ['T1098'] }, { attack: ['T1098', 'T1136.003'] }]);
    fired.add([{ attack: [] }, { attack: ['T9999'] }]);
    const coverage = coverageOf(policy, fired);
    expect(coverage.find(({ name }) => name === 'Persistence')).toEqual({
      id: 'TA0003',
      name: 'Persistence',
      detections: 1,
      rows: 1,
      fired: 1,
      techniques: [
        { id: 'T1098', name: 'Account Manipulation', detections: ['access-key-created'], rows: 0, fired: 1 },
        { id: 'T1136.003', name: 'Cloud Account', detections: ['access-key-created'], rows: 1, fired: 1 },
      ],
    });
    expect(coverage[coverage.length - 1]).toMatchObject({ name: 'Not in the table of techniques', fired: 1 });
  });
});
