import { describe, expect, it } from 'vitest';
import { SettingsError } from '../function/environment-variables.ts';
import { parseForwardSettings } from '../function/forward-settings.ts';

const ARN = 'arn:aws:kinesis:eu-west-1:111122223333:stream/cloudtrail-logs-stream';
const LEAST = { STREAM_ARN: ARN, AWS_LAMBDA_FUNCTION_NAME: 'trailbell-forward' };

describe('the settings of the forward function', () => {
  it('need the stream, and have defaults for all else', () => {
    expect(parseForwardSettings(LEAST)).toEqual({
      stream: { arn: ARN, name: 'cloudtrail-logs-stream', region: 'eu-west-1' },
      format: 'file',
      recordsPerPack: 100,
      partitionBy: 'record',
      maxRecordBytes: 1_048_576,
      functionName: 'trailbell-forward',
    });
  });

  it('take what is set', () => {
    const settings = parseForwardSettings({
      ...LEAST,
      STREAM_FORMAT: 'file-gzip',
      STREAM_RECORDS_PER_PACK: '1000',
      STREAM_PARTITION_BY: 'account',
      STREAM_MAX_RECORD_BYTES: '10485760',
    });
    expect(settings).toMatchObject({
      format: 'file-gzip',
      recordsPerPack: 1_000,
      partitionBy: 'account',
      maxRecordBytes: 10_485_760,
    });
  });

  it('name everything that is unset or malformed at once, and no value', () => {
    const wrong = {
      STREAM_ARN: 'arn:aws:kinesis:eu-west-1:111122223333:stream/secret name',
      STREAM_FORMAT: 'secret',
      STREAM_RECORDS_PER_PACK: '0',
      STREAM_PARTITION_BY: 'secret',
      STREAM_MAX_RECORD_BYTES: '10485761',
    };
    const names = [...Object.keys(wrong), 'AWS_LAMBDA_FUNCTION_NAME'];
    expect(() => parseForwardSettings(wrong)).toThrow(SettingsError);
    try {
      parseForwardSettings(wrong);
    } catch (error) {
      const message = error instanceof Error ? error.message : '';
      for (const name of names) expect(message).toContain(name);
      expect(message).not.toContain('secret');
      expect(message).toContain('from 25600 to 10485760');
    }
  });
});
