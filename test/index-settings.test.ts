import { describe, expect, test } from 'vitest';
import { SettingsError } from '../function/environment-variables.ts';
import { parseIndexSettings } from '../function/index-settings.ts';

const VARIABLES = {
  INDEX_ENDPOINT: 'https://search.example.com',
  AWS_REGION: 'eu-central-1',
  AWS_LAMBDA_FUNCTION_NAME: 'trailbell-index',
};
const ARN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:index-AbCdEf';

describe('settings of the index function', () => {
  test('have a default but for the address', () => {
    expect(parseIndexSettings(VARIABLES)).toEqual({
      output: 'bulk',
      endpoint: new URL('https://search.example.com'),
      authorization: 'none',
      secretArn: undefined,
      prefix: 'cloudtrail',
      raw: false,
      maxBatchBytes: 4_194_304,
      maxBatchRecords: 1_000,
      deadLetterQueueUrl: undefined,
      region: 'eu-central-1',
      functionName: 'trailbell-index',
    });
  });

  test.each([
    'https://search.example.com:9243/cluster/',
    'http://127.0.0.1:9200',
    'http://localhost:9200',
    'http://[::1]:9200',
  ])('take %s as an address', (INDEX_ENDPOINT) => {
    expect(parseIndexSettings({ ...VARIABLES, INDEX_ENDPOINT }).endpoint.href).toContain(INDEX_ENDPOINT);
  });

  test.each([
    [{ INDEX_ENDPOINT: 'http://search.example.com' }, 'INDEX_ENDPOINT is not an https URL'],
    [{ INDEX_ENDPOINT: 'http://127.0.0.1.example.com' }, 'INDEX_ENDPOINT is not an https URL'],
    [{ INDEX_ENDPOINT: 'ftp://127.0.0.1' }, 'INDEX_ENDPOINT is not an https URL'],
    [{ INDEX_ENDPOINT: 'search.example.com' }, 'INDEX_ENDPOINT is not a URL'],
    [{ INDEX_ENDPOINT: 'https://alice:pw@example.com' }, 'INDEX_ENDPOINT is not free of user, query and fragment'],
    [{ INDEX_ENDPOINT: undefined }, 'INDEX_ENDPOINT is not set'],
    [{ INDEX_AUTHORIZATION: 'secret' }, 'INDEX_SECRET_ARN is not set'],
    [{ INDEX_AUTHORIZATION: 'basic' }, 'INDEX_AUTHORIZATION is not es, aoss, secret or none'],
    [{ INDEX_PREFIX: 'CloudTrail' }, 'INDEX_PREFIX is not lower-case letters, digits and dashes'],
    [{ INDEX_MAX_BATCH_BYTES: '1' }, 'INDEX_MAX_BATCH_BYTES is not from 65536 to 33554432'],
    [{ INDEX_SECRET_ARN: 'hunter2' }, "INDEX_SECRET_ARN is not a secret's ARN"],
  ])('refuse %j without quoting it', (changes, problem) => {
    const parse = () => parseIndexSettings({ ...VARIABLES, ...changes });
    expect(parse).toThrow(SettingsError);
    expect(parse).toThrow(problem);
    expect(parse).not.toThrow(/hunter2|alice/);
  });

  test('name the secret only where it is used', () => {
    const secret = { ...VARIABLES, INDEX_SECRET_ARN: ARN };
    expect(parseIndexSettings({ ...secret, INDEX_AUTHORIZATION: 'secret' }).secretArn).toBe(ARN);
    expect(parseIndexSettings({ ...secret, INDEX_AUTHORIZATION: 'es' }).secretArn).toBeUndefined();
  });
});
