import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../../cli/input/input-error.ts';
import { recordsOf } from '../../../cli/input/records.ts';
import { busObject, queueEvent, SHAPES, s3Event, topicEvent } from '../../fixtures/lambda-events.ts';
import { folderOf } from '../temporary-folder.ts';

async function namesIn(text: string): Promise<(string | undefined)[]> {
  const file = join(await folderOf({}), 'input.json');
  await writeFile(file, text);
  const names: (string | undefined)[] = [];
  for await (const { read } of recordsOf(file)) names.push('unreadable' in read ? read.unreadable : read.eventName);
  return names;
}

const inline = SHAPES.filter(({ holds }) => holds !== 'the object');

describe('an input', () => {
  test.each(inline)('of $shape gives its records', async ({ event, holds }) => {
    expect(await namesIn(JSON.stringify(event))).toEqual(holds);
  });

  test('may hold events of several shapes, one a line', async () => {
    expect(await namesIn(inline.map(({ event }) => JSON.stringify(event)).join('\n'))).toEqual(
      inline.flatMap(({ holds }) => holds),
    );
  });

  test.each([
    ['S3', s3Event()],
    ['SNS', topicEvent(s3Event())],
    ['SQS', queueEvent(s3Event())],
    ['EventBridge', busObject()],
  ])('of %s that only names objects is refused, and told what to give instead', async (_, event) => {
    await expect(namesIn(JSON.stringify(event))).rejects.toThrow(InputError);
    await expect(namesIn(JSON.stringify(event))).rejects.toThrow(/only names objects of a bucket: give the files/);
  });
});
