import { describe, expect, it } from 'vitest';
import { labelOf, placeOf } from '../../../function/core/severities/layout.ts';

describe('placeOf', () => {
  it.each([
    ['policy.json', { kind: 'policy', name: 'policy', local: false }],
    ['local/policy.json', { kind: 'policy', name: 'policy', local: true }],
    ['local/accounts.json', { kind: 'accounts', name: 'accounts', local: true }],
    ['services/kms.json', { kind: 'service', name: 'kms', local: false }],
    ['services/runtime.lex.json', { kind: 'service', name: 'runtime.lex', local: false }],
    ['local/services/kms.json', { kind: 'service', name: 'kms', local: true }],
    ['detections/root-login.json', { kind: 'detection', name: 'root-login', local: false }],
    ['local/detections/root-login.json', { kind: 'detection', name: 'root-login', local: true }],
  ])('knows %s', (path, place) => {
    expect(placeOf(path)).toEqual(place);
  });

  it.each([
    ['README.md'],
    ['local/README.md'],
    ['catalogue.json'],
    ['schema/policy.json'],
    ['.vscode/settings.json'],
    ['local/.gitkeep'],
    ['services/.kms.json.swp'],
  ])('ignores %s', (path) => {
    expect(placeOf(path)).toBe('ignored');
  });

  it.each([
    ['polcy.json'],
    ['service/kms.json'],
    ['services/kms.JSON'],
    ['services/kms.jsonc'],
    ['services/kms.yaml'],
    ['services/eu/kms.json'],
    ['accounts.json'],
    ['kms.json'],
    ['local/kms.json'],
    ['local/local/policy.json'],
    ['local/catalogue.json'],
  ])('takes %s for a mistake', (path) => {
    expect(placeOf(path)).toBe('misplaced');
  });
});

describe('labelOf', () => {
  it('is what stands before .amazonaws.com', () => {
    expect(labelOf('runtime.lex.amazonaws.com')).toBe('runtime.lex');
  });
});
