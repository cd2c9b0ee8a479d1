import { textOf } from '../house/source-files.ts';

/** The first table under a heading of infra/README.md, its cells without the spaces around them. */
export function sectionRows(heading: string): readonly (readonly string[])[] {
  const [, after = ''] = textOf('infra/README.md').split(new RegExp(`^#+ ${heading}$`, 'm'));
  const [section = ''] = after.split(/^#+ /m);
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}
