import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAlert } from '../../cli/build.ts';
import { VARIABLES } from './environment.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Builds the alert function with the shipped severities, as a release does, in a folder of its own. */
export async function buildBundle() {
  const taskRoot = mkdtempSync(join(tmpdir(), 'trailbell-alert-'));
  const { bytes } = await buildAlert(ROOT, join(ROOT, 'severities'), [], taskRoot);
  return { taskRoot, bytes, remove: () => rmSync(taskRoot, { recursive: true, force: true }) };
}

/** What the stack sets, and an SNS at `endpoint`. */
export function bundleEnvironment(endpoint: string): Record<string, string> {
  const { AWS_LAMBDA_FUNCTION_NAME: _, ...variables } = VARIABLES;
  return {
    ...variables,
    AWS_ENDPOINT_URL_SNS: endpoint,
    AWS_ACCESS_KEY_ID: 'demo',
    AWS_SECRET_ACCESS_KEY: 'demo',
  };
}
