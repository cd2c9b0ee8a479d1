import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { readRecord } from '../../function/core/record.ts';
import { compileSelector, type Selector } from '../../function/core/selector.ts';
import { SelectorIndex } from '../../function/core/selector-index.ts';
import { matching, Watch } from '../../function/core/watching.ts';

const IAM = 'iam.amazonaws.com';

/** Some watch every call, some a service, some a name; some need an error, some only a text in a field. */
const selector: fc.Arbitrary<Selector> = fc.record(
  {
    eventSource: fc.constantFrom(IAM, undefined, undefined),
    eventNames: fc.constantFrom(['CreateUser'], ['Create*'], undefined, undefined, undefined),
    accounts: fc.constantFrom(['111122223333'], undefined, undefined),
    when: fc.array(
      fc.constantFrom(
        '{ $.userAgent = "bench/1" }',
        '{ $.userAgent = "bench/2" || $.userAgent = "bench/3" }',
        '{ $.userAgent = %[Kk]ali|bench% || $.userIdentity.arn = "arn:*:user/*" }',
        '{ $.userIdentity.type = "Root" && ($.readOnly IS FALSE || $.readOnly NOT EXISTS) }',
        '{ $.eventName = "CreateUser" && $.userAgent = "bench/1" }',
        '{ $.userAgent = true || $.userAgent = 1 || $.userAgent = "b*" }',
        '{ $.errorCode = "*Denied*" || $.errorCode = "Throttling" }',
        '{ $.errorCode NOT EXISTS }',
        '{ $.userIdentity.type != "Root" }',
      ),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
);

const record = fc.record(
  {
    eventSource: fc.constantFrom(IAM, 's3.amazonaws.com'),
    eventName: fc.constantFrom('CreateUser', 'CreateUser20150331', 'ListUsers'),
    userAgent: fc.constantFrom('bench/1', 'bench/2', 'bench/3', 'bench/4', 'kali', 'x', '', 'true', true, 1, null, []),
    userIdentity: fc.constantFrom({ type: 'Root' }, { type: 'IAMUser', arn: 'arn:aws:iam::1:user/a' }, {}, null, 'x'),
    errorCode: fc.constantFrom('AccessDenied', 'Throttling', '', null, 1),
    readOnly: fc.boolean(),
    recipientAccountId: fc.constantFrom('111122223333', '123456789012'),
    eventCategory: fc.constantFrom('Management', 'Insight', 'Aggregated'),
  },
  { requiredKeys: ['eventSource', 'eventName'] },
);
const summary = fc.record({
  eventCategory: fc.constantFrom('Insight', 'Aggregated'),
  userAgent: fc.constant('bench/1'),
});

describe('what watches a call', () => {
  property.prop(
    [fc.array(selector, { maxLength: 24 }), fc.array(fc.oneof(record, summary), { minLength: 1, maxLength: 12 })],
    { numRuns: 300 },
  )('matches the records that each detection selects by itself, in file order', (selectors, records) => {
    const index = new SelectorIndex(selectors.map((one, id) => ({ id, selector: compileSelector(one) })));
    const watch = new Watch(index);
    for (const value of records) {
      const read = readRecord(value);
      if ('unreadable' in read) throw new Error(read.unreadable);
      const byItself = index.all(read).map(({ id }) => id);
      expect(matching(watch.of(read), read.record).map(({ id }) => id)).toEqual(byItself);
    }
  });

  test('is not made ready before a record has the text it needs', () => {
    const ready: string[] = [];
    const detections = ['Root', 'Admin'].map((type) => {
      const selector = compileSelector({ when: `{ $.userIdentity.type = "${type}" && $.a NOT EXISTS }` });
      return {
        selector: {
          ...selector,
          rest() {
            ready.push(type);
            return selector.rest();
          },
        },
      };
    });
    const watch = new Watch(new SelectorIndex(detections));
    const asked = (type: string) => {
      const read = readRecord({ eventSource: IAM, eventName: 'ListUsers', userIdentity: { type } });
      if ('unreadable' in read) throw new Error(read.unreadable);
      return matching(watch.of(read), read.record);
    };
    expect(asked('IAMUser')).toEqual([]);
    expect(ready).toEqual([]);
    expect(asked('Root')).toEqual([detections[0]]);
  });
});
