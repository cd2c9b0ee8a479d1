import { describe, expect, it } from 'vitest';
import { AWS_AT_WORK, SIGN_INS_ELSEWHERE } from './aws-at-work.ts';
import { isAtLeast, shippedPolicy, verdictOn } from './shipped.ts';

const policy = await shippedPolicy();

describe('nobody is told', () => {
  it.each(AWS_AT_WORK)('that %s', (_, record) => {
    const verdict = verdictOn(policy, record);
    expect(isAtLeast(verdict, 'high'), JSON.stringify(verdict)).toBe(false);
  });

  it.each(SIGN_INS_ELSEWHERE)('that %s, of whose second factor AWS knows nothing', (_, record) => {
    const verdict = verdictOn(policy, record);
    expect(isAtLeast(verdict, 'high'), JSON.stringify(verdict)).toBe(false);
  });
});

describe('somebody is told', () => {
  const said = SIGN_INS_ELSEWHERE.filter(([, { eventName }]) => eventName === 'ConsoleLogin');

  it.each(said)('the same were it not so: %s, by a user with a password', (_, record) => {
    const userIdentity = {
      type: 'IAMUser',
      principalId: 'AIDACKCEVSQ6C2EXAMPLE',
      arn: 'arn:aws:iam::111122223333:user/alice',
      accountId: '111122223333',
      userName: 'alice',
    };
    const additionalEventData = { LoginTo: 'https://console.aws.amazon.com/console/home', MFAUsed: 'No' };
    expect(isAtLeast(verdictOn(policy, { ...record, userIdentity, additionalEventData }), 'high')).toBe(true);
  });
});
