import { test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import {
  cutTo,
  neutralise,
  neutraliseForChat,
  neutraliseForMail,
  plainForChat,
  printableAscii,
} from '../../function/core/neutral.ts';
import { CONTROLS, HOSTILE, hostileText } from './render/hostile.ts';

/** What mail clients make links of: schemes, and names with a dot before two letters. */
const LINK = /:\/\/|mailto:|\.\p{L}{2}/iu;

describe('a hostile value', () => {
  test.each(HOSTILE)('%s', (_, text) => {
    expect(neutralise(text)).not.toMatch(CONTROLS);
    expect(neutralise(text).length).toBeLessThanOrEqual(300);
    expect(neutraliseForMail(text)).not.toMatch(LINK);
    expect(neutraliseForChat(text)).toMatch(/^(?:`[^`<>@&]+`)?$/u);
    expect(neutraliseForChat(text)).not.toMatch(LINK);
    expect(plainForChat(text)).not.toMatch(/[`<>@&*_~|]|\]\(/);
  });

  test.each([
    ['a\r\nb', 'a\\u000d\\u000ab'],
    ['\u001b[31m', '\\u001b[31m'],
    ['a\u202eb', 'a\\u202eb'],
    ['\ud800', '\\ud800'],
    ['\u{e0061}', '\\ue0061'],
    ['😀 Ü 漢', '😀 Ü 漢'],
    ['', ''],
  ])('%j is shown as %j', (text, shown) => {
    expect(neutralise(text)).toBe(shown);
  });

  test.each([
    ['http://evil.example', 'http[:]//evil[.]example'],
    ['mailto:a@evil.example', 'mailto[:]a@evil[.]example'],
    ['iam.amazonaws.com', 'iam.amazonaws.com'],
    ['iam.amazonaws.com.cn', 'iam.amazonaws.com.cn'],
    ['evil.iam.amazonaws.com', 'evil[.]iam[.]amazonaws[.]com'],
    ['iam.amazonaws.com.evil.example', 'iam[.]amazonaws[.]com[.]evil[.]example'],
    ['192.0.2.10', '192.0.2.10'],
    ['aws-cli/2.30.0', 'aws-cli/2.30.0'],
    ['arn:aws:iam::111122223333:user/alice', 'arn:aws:iam::111122223333:user/alice'],
  ])('%j in a mail is %j', (text, shown) => {
    expect(neutraliseForMail(text)).toBe(shown);
  });

  test.each([
    ['<@U123>', '`‹＠U123›`'],
    ['`a`', "`'a'`"],
    ['', ''],
  ])('%j in a chat is %j', (text, shown) => {
    expect(neutraliseForChat(text)).toBe(shown);
  });
});

property.prop([hostileText])('no form lets anything through, and all are bounded', (text) => {
  expect(neutralise(text, 50)).not.toMatch(CONTROLS);
  expect(neutralise(text, 50).length).toBeLessThanOrEqual(50);
  expect(neutraliseForMail(text, 50)).not.toMatch(LINK);
  expect(neutraliseForMail(text, 50).length).toBeLessThanOrEqual(100);
  expect(neutraliseForChat(text, 50).length).toBeLessThanOrEqual(52);
  expect(neutraliseForChat(text, 50)).not.toMatch(LINK);
  expect(plainForChat(text, 50).length).toBeLessThanOrEqual(50);
  expect(printableAscii(text)).toMatch(/^[\x20-\x7e]*$/);
});

property.prop([hostileText])('neutralising twice is neutralising once', (text) => {
  expect(neutralise(neutralise(text))).toBe(neutralise(text));
  expect(neutraliseForMail(neutralise(text))).toBe(neutraliseForMail(text));
});

test('a cut falls between code points', () => {
  expect(cutTo('aa😀bb', 4)).toBe('aa…');
  expect(cutTo('aa😀', 4)).toBe('aa😀');
});
