import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RELEASE } from '../core/severities/folder.ts';
import { trailbell } from './command-line.ts';
import { recordOf } from './sample-records.ts';
import { folderOf, severitiesWith, writeFiles } from './temporary-folder.ts';

const RECORDS = JSON.stringify([
  recordOf(1, { eventSource: 'kms.amazonaws.com', eventName: 'DisableKey' }),
  recordOf(2, { eventSource: 'kms.amazonaws.com', eventName: 'CreateKey' }),
  recordOf(3, { eventSource: 's3.amazonaws.com', eventName: 'CreateBucket' }),
]);

async function severitiesOf(dir: string) {
  const { code, lines } = await trailbell(['classify', '--severities', dir, '-'], { input: RECORDS });
  expect(code).toBe(0);
  return lines.map((line) => JSON.parse(line)['severity']);
}

describe('--severities DIR', () => {
  it('stands in for the whole shipped folder', async () => {
    expect(await severitiesOf(await folderOf(RELEASE))).toEqual(['high', 'low', 'low']);
  });

  it('has its own local/, applied last', async () => {
    const dir = await folderOf(RELEASE);
    await writeFiles(dir, {
      'local/policy.json': { unlisted: { service: 'critical' } },
      'local/services/kms.json': {
        eventSource: 'kms.amazonaws.com',
        service: 'AWS KMS',
        events: { DisableKey: 'medium', CreateKey: 'informational' },
      },
    });
    expect(await severitiesOf(dir)).toEqual(['medium', 'informational', 'critical']);
  });

  it.each([
    ['classify', '-'],
    ['explain', 'kms.amazonaws.com/DisableKey'],
    ['check'],
    ['test'],
    ['replay', '-'],
    ['build'],
    ['demo'],
  ])('lists every problem of a broken folder, and nothing else happens: %s', async (command, ...inputs) => {
    const dir = await severitiesWith({
      'policy.json': '{ "alertAt": "hihg", }',
      'services/kms.json': {
        eventSource: 'kms.amazonaws.com',
        service: 'AWS KMS',
        events: { DisableKey: 'critical', CreateKey: 'lowish' },
      },
      'local/services/s3.json':
        '{ "eventSource": "s3.amazonaws.com", "service": "S3", "events": { "A": "low", "A": "low" } }',
      'local/detections/by-alice.json': { id: 'by-bob', when: '{ $.a = }', title: 'x' },
    });
    const { code, stdout, stderr } = await trailbell([command, ...inputs, '--severities', dir], { input: RECORDS });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    for (const place of [
      /policy\.json.*: found .*, expected /,
      /services\/kms\.json \/events\/DisableKey: found "critical", expected /,
      /services\/kms\.json \/events\/CreateKey: found "lowish", expected /,
      /local\/services\/s3\.json \/events\/A: found .*, expected /,
      /local\/detections\/by-alice\.json \/id: found "by-bob", expected /,
      /local\/detections\/by-alice\.json \/when: found .*, expected /,
      /local\/detections\/by-alice\.json \/examples: found nothing, expected /,
    ]) {
      expect(stderr).toMatch(place);
    }
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('says so when the folder is not there', async () => {
    const dir = join(await folderOf(), 'absent');
    const { code, stderr } = await trailbell(['classify', '-', '--severities', dir], { input: RECORDS });
    expect(code).toBe(1);
    expect(stderr).toMatch(/absent: found ENOENT, expected a readable folder/);
  });
});
