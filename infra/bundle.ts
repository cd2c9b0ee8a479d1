import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Packed } from '../function/packed.ts';
import type { Config } from './config.ts';
import { writeFunctionZip } from './function-zip.ts';

/** The alert function, zipped for one configuration. */
export interface FunctionZip {
  /** Absolute path. */
  readonly file: string;
  /** What Terraform compares: base64 of SHA-256. */
  readonly sha256Base64: string;
  /** The severities the zip carries. */
  readonly severities: Packed['severities'];
}

/** Puts the configuration's teams beside the built bundle's severities and zips both. The build has just run. */
export function zipAlertFunction(root: string, config: Config): FunctionZip {
  const folder = join(root, 'dist', 'alert');
  const packedFile = join(folder, 'severities.json');
  const { severities } = JSON.parse(readFileSync(packedFile, 'utf8')) as Packed;
  const teams = config.teams.map(({ name, interests }) => ({ name, ...interests }));
  const packed: Packed = { severities, teams };
  writeFileSync(packedFile, JSON.stringify(packed));
  mkdirSync(join(root, 'dist', 'infra'), { recursive: true });
  const file = join(root, 'dist', 'infra', `${config.name}.zip`);
  return { file, severities, ...writeFunctionZip(folder, file) };
}
