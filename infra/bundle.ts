import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Packed } from '../function/packed.ts';
import type { Config } from './config.ts';
import { writeFunctionZip } from './function-zip.ts';

/** A function, zipped. */
export interface FunctionZip {
  /** Absolute path. */
  readonly file: string;
  /** What Terraform compares: base64 of SHA-256. */
  readonly sha256Base64: string;
}

/** The stack's functions, each in a zip of its own. Those that a configuration switches on are zipped when asked for. */
export interface FunctionZips {
  readonly alert: FunctionZip & {
    /** The severities the zip carries. */
    readonly severities: Packed['severities'];
  };
  readonly digest: FunctionZip;
  readonly forward: () => FunctionZip;
  readonly indexRecords: () => FunctionZip;
}

/**
 * Puts the configuration's teams beside the built alert bundle's severities and zips the bundles. The build has just run,
 * for what the configuration switches on.
 */
export function zipFunctions(root: string, config: Config): FunctionZips {
  const packedFile = join(root, 'dist', 'alert', 'severities.json');
  const { severities } = JSON.parse(readFileSync(packedFile, 'utf8')) as Packed;
  const teams = config.teams.map(({ name, interests }) => ({ name, ...interests }));
  const packed: Packed = { severities, teams };
  writeFileSync(packedFile, JSON.stringify(packed));
  mkdirSync(join(root, 'dist', 'infra'), { recursive: true });
  const zip = (bundle: 'alert' | 'digest' | 'forward' | 'index-records', name: string): FunctionZip => {
    const file = join(root, 'dist', 'infra', `${name}.zip`);
    const { sha256Base64 } = writeFunctionZip(join(root, 'dist', bundle), file);
    return { file, sha256Base64 };
  };
  return {
    alert: { ...zip('alert', config.name), severities },
    digest: zip('digest', `${config.name}-digest`),
    forward: () => zip('forward', `${config.name}-forward`),
    indexRecords: () => zip('index-records', `${config.name}-index`),
  };
}
