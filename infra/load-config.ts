import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TrailbellError } from '../function/core/errors.ts';
import { readJson } from '../function/core/severities/json.ts';
import type { Problem } from '../function/core/severities/model.ts';
import { problemLine, validate } from '../function/core/severities/problem.ts';
import { type Config, configSchema } from './config.ts';

/** The user's configuration, and what stands in for it in a fresh clone; relative to the package's folder. */
const CONFIG_FILE = 'infra/config.json';
const EXAMPLE_FILE = 'infra/config.example.json';

/** Thrown when a configuration cannot be deployed. The message holds one line for each of `problems`, all of them. */
export class ConfigError extends TrailbellError {
  override readonly name = 'ConfigError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], options?: ErrorOptions) {
    super('invalid_settings', problems.map(problemLine).join('\n'), options);
    this.problems = problems;
  }
}

/** A configuration and where it came from. */
export interface LoadedConfig {
  readonly config: Config;
  /** The file, relative to the package's folder, as problems name it. */
  readonly file: string;
  /** True when there is no `infra/config.json` and the shipped example stands in. */
  readonly isExample: boolean;
}

/**
 * Reads `infra/config.json` under `root`, else the shipped example, and fills in defaults.
 * @throws {ConfigError} with every problem; syntax errors as line:column. A config.json that is there but cannot be read
 * is a problem, never a reason to take the example.
 */
export function loadConfig(root: string): LoadedConfig {
  const own = textOf(root, CONFIG_FILE);
  if (own !== undefined) return { config: parseConfig(own, CONFIG_FILE), file: CONFIG_FILE, isExample: false };
  const example = textOf(root, EXAMPLE_FILE);
  if (example !== undefined) return { config: parseConfig(example, EXAMPLE_FILE), file: EXAMPLE_FILE, isExample: true };
  throw new ConfigError([
    { file: CONFIG_FILE, pointer: '', found: 'no such file', expected: `a copy of ${EXAMPLE_FILE}, made yours` },
  ]);
}

/** A configuration's text, validated. @throws {ConfigError} naming `file` */
export function parseConfig(text: string, file: string): Config {
  const { value, problems } = readJson(text);
  if (problems.length > 0) throw new ConfigError(problems.map((problem) => ({ file, ...problem })));
  const result = validate(configSchema, file, value);
  if ('problems' in result) throw new ConfigError(result.problems);
  return result.value;
}

function textOf(root: string, file: string): string | undefined {
  try {
    // Windows editors begin UTF-8 files with a mark that JSON does not allow.
    return readFileSync(join(root, file), 'utf8').replace(/^\ufeff/, '');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    if (code === 'ENOENT') return undefined;
    throw new ConfigError([{ file, pointer: '', found: code, expected: 'a readable file' }], { cause });
  }
}
