import { describe, expect, it } from 'vitest';
import type { Stored } from '../../../cli/replay/stored.ts';
import { chooser } from '../../../cli/report/chosen.ts';
import { ColumnsInMaking } from '../../../cli/report/columns.ts';
import { FindingsTable, type Question } from '../../../cli/report/page/findings-table.ts';
import { RecordBlocks } from '../../../cli/report/record-blocks.ts';
import type { Severity } from '../../../function/core/severity.ts';

const ALL: Question = {
  severities: new Set(['critical', 'high', 'medium', 'low', 'informational']),
  texts: {},
  words: [],
  inRecords: undefined,
  span: undefined,
};

function finding(number: number, fields: Partial<Stored> = {}, mention: Partial<Stored['mention']> = {}): Stored {
  return {
    time: number * 1000,
    change: null,
    current: { severity: 'high', action: 'publish', entry: null, onTrial: false },
    proposed: null,
    mention: {
      severity: 'high',
      eventTime: null,
      eventID: `id-${number}`,
      position: 'a.json',
      call: 'iam.amazonaws.com/CreateUser',
      principal: 'Alice',
      subject: '[HIGH] prod: user created by Alice',
      ...mention,
    },
    code: 'detection_matched',
    reasons: [{ by: 'row', name: 'iam.amazonaws.com/CreateUser', attack: [] }],
    account: '111122223333',
    region: 'us-east-1',
    sourceIPAddress: null,
    userAgent: null,
    errorCode: null,
    told: 'at-once',
    record: '{}',
    ...fields,
  };
}

function tableOf(findings: readonly Stored[]): FindingsTable {
  const making = new ColumnsInMaking();
  for (const stored of findings) making.add(stored);
  return new FindingsTable(JSON.parse(JSON.stringify(making.columns)));
}

describe('columns', () => {
  it('hold each different text once, and give every finding its own back', () => {
    const making = new ColumnsInMaking();
    for (let number = 0; number < 100; number++) making.add(finding(number, { region: `region-${number % 3}` }));
    const columns = JSON.parse(JSON.stringify(making.columns));
    expect(columns.texts.region.values).toEqual(['region-0', 'region-1', 'region-2']);
    const table = new FindingsTable(columns);
    expect(table.count).toBe(100);
    expect(table.text('region', 98)).toBe('region-2');
    expect(table.text('what', 5)).toBe('user created by Alice');
    expect(table.times[7]).toBe(7);
  });

  it('hold empty text for what a finding has not', () => {
    const table = tableOf([finding(1, { account: null, told: null, reasons: [] }, { eventID: null, subject: null })]);
    expect(['account', 'told', 'reason', 'eventID', 'change'].map((name) => table.text(name as 'account', 0))).toEqual(
      Array(5).fill(''),
    );
    expect(table.text('what', 0)).toBe('CreateUser');
  });
});

describe('the findings of a page', () => {
  const table = tableOf([
    finding(10, { account: '1' }, { severity: 'low', principal: 'bob' }),
    finding(20, { account: '2' }, { severity: 'critical', principal: 'Carol' }),
    finding(30, { account: '1', errorCode: 'AccessDenied' }, { severity: 'high' }),
  ]);
  const found = (question: Partial<Question>) => [...table.find({ ...ALL, ...question })];

  it('stand severest first, until they are sorted otherwise', () => {
    expect(found({})).toEqual([1, 2, 0]);
    table.sort('time', true);
    expect(found({})).toEqual([0, 1, 2]);
    table.sort('principal', true);
    expect(found({})).toEqual([2, 1, 0]);
    table.sort('severity', false);
  });

  it.each<[string, Partial<Question>, readonly number[]]>([
    ['severities', { severities: new Set(['low', 'high']) }, [2, 0]],
    ['a text', { texts: { account: '1' } }, [2, 0]],
    ['a text that none has', { texts: { account: '3' } }, []],
    ['a span, its end left out', { span: [10, 30] }, [1, 0]],
    ['a word in any case', { words: ['carol'] }, [1]],
    ['words in different texts', { words: ['alice', 'denied'] }, [2]],
    ['words that are in no one finding', { words: ['carol', 'denied'] }, []],
    ['words found in records', { words: ['nowhere'], inRecords: new Set([0]) }, [0]],
    ['all of them together', { severities: new Set(['low']), texts: { account: '1' }, words: ['bob'] }, [0]],
  ])('are found by %s', (_, question, rows) => {
    expect(found(question)).toEqual(rows);
  });
});

describe('the choice of findings', () => {
  const severities: readonly Severity[] = ['low', 'high', 'low', 'critical', 'high', 'low'];
  const counts = { informational: 0, low: 3, medium: 0, high: 2, critical: 1 };

  it.each([
    [6, [0, 1, 2, 3, 4, 5]],
    [4, [1, 3, 4, 5]],
    [2, [3, 4]],
    [0, []],
  ])('with room for %i are the severest, and of equals the newest', (most, kept) => {
    const isChosen = chooser(counts, most);
    expect(severities.flatMap((severity, index) => (isChosen(severity) ? [index] : []))).toEqual(kept);
  });
});

describe('blocks of records', () => {
  it('begin anew after 250 findings, and where records are long', async () => {
    const blocks = new RecordBlocks();
    let written = 0;
    for (let number = 0; number < 260; number++) {
      if (await blocks.add(finding(number, { record: number === 255 ? 'x'.repeat(3_000_000) : '{}' }))) written++;
    }
    if (await blocks.flush()) written++;
    expect(blocks.starts).toEqual([0, 250, 255, 256]);
    expect(written).toBe(4);
    expect(await blocks.flush()).toBeUndefined();
  });
});
