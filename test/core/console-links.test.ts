import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { eventLink, queryFor, queryLink } from '../../function/core/console-links.ts';

const ID = '6f1c6a9a-0000-4000-8000-000000000002';
const TIME = new Date('2026-11-20T02:41:00Z');
const place = (region: string) => ({ region, logGroup: '/aws/cloudtrail/main' });

describe('console links', () => {
  test.each([
    ['us-east-1', 'us-east-1.console.aws.amazon.com'],
    ['ap-southeast-4', 'ap-southeast-4.console.aws.amazon.com'],
    ['us-gov-west-1', 'us-gov-west-1.console.amazonaws-us-gov.com'],
    ['cn-north-1', 'cn-north-1.console.amazonaws.cn'],
  ])('of %s lead to %s', (region, host) => {
    expect(eventLink(region, ID)).toBe(`https://${host}/cloudtrailv2/home?region=${region}#/events/${ID}`);
    expect(new URL(queryLink(place(region), 'eventID', ID, TIME) ?? '').host).toBe(host);
  });

  test.each([
    'us-iso-east-1',
    'us-isob-east-1',
    'eu-isoe-west-1',
    'eusc-de-east-1',
    '',
    'x',
    'evil.example/us-east-1',
    'us-east-1\n',
    'US-EAST-1',
  ])('there is none for %j', (region) => {
    expect(eventLink(region, ID)).toBeUndefined();
    expect(queryLink(place(region), 'eventID', ID, TIME)).toBeUndefined();
  });

  test.each(['', '../../x', 'a b', 'a'.repeat(65), '"><script>', 'a\n'])('there is none for the id %j', (id) => {
    expect(eventLink('us-east-1', id)).toBeUndefined();
  });

  test('a query covers an hour either side, in the log group', () => {
    expect(queryLink(place('us-east-1'), 'eventID', 'a', TIME)).toBe(
      "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#logsV2:logs-insights?queryDetail=~(end~'2026*2d11*2d20T03*3a41*3a00*2e000Z~start~'2026*2d11*2d20T01*3a41*3a00*2e000Z~timeType~'ABSOLUTE~tz~'UTC~editorString~'fields*20*40timestamp*2c*20eventName*2c*20awsRegion*2c*20sourceIPAddress*2c*20errorCode*20*7c*20filter*20eventID*20*3d*20*22a*22*20*7c*20sort*20*40timestamp*20asc*20*7c*20limit*20200~source~(~'*2faws*2fcloudtrail*2fmain))",
    );
  });

  test('a query on a value over 512 characters has no link', () => {
    expect(queryLink(place('us-east-1'), 'eventID', 'a'.repeat(512), TIME)).toBeDefined();
    expect(queryLink(place('us-east-1'), 'eventID', 'a'.repeat(513), TIME)).toBeUndefined();
  });

  test.prop([
    fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('"', '\\', '\n', '|', '\u0085', 'a') })),
  ])('a hostile value stays inside one quoted string', (value) => {
    const query = queryFor('userIdentity.arn', value);
    expect(query).toMatch(
      /^[^"]* \| filter userIdentity\.arn = "(?:[^"\\]|\\["\\])*" \| sort @timestamp asc \| limit 200$/,
    );
    expect(query).not.toMatch(/[\p{Cc}]/u);
    const link = queryLink(place('us-east-1'), 'userIdentity.arn', value, TIME) ?? '';
    expect(link.slice(link.indexOf('editorString~'))).toMatch(
      /^editorString~'[A-Za-z0-9*]*~source~\(~'[A-Za-z0-9*]*\)\)$/,
    );
  });
});
