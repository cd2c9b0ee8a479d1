import { join } from 'node:path';
import { App } from 'cdktf';
import { TrailbellError } from '../function/core/errors.ts';
import { zipFunctions } from './bundle.ts';
import { checkConfig } from './checks.ts';
import { loadConfig } from './load-config.ts';
import { TrailbellStack } from './stack.ts';

/**
 * Builds the bundle, validates the configuration and writes `cdktf.out/stacks/<name>/cdk.tf.json`. Makes no request.
 * @returns the exit code: 0, or 1 when the configuration or the severities have problems, all of them said
 */
export async function main(root: string): Promise<number> {
  try {
    const { config, file, isExample } = loadConfig(root);
    if (isExample) process.stderr.write(`infra/config.json is absent: synthesising the example, ${file}\n`);
    const zips = zipFunctions(root, config);
    checkConfig({ config, file }, zips.alert.severities);
    const app = new App({ outdir: process.env['CDKTF_OUTDIR'] ?? join(root, 'cdktf.out'), skipValidation: true });
    new TrailbellStack(app, config.name, { config, zips });
    app.synth();
    process.stderr.write(
      `cdktf.out/stacks/${config.name}/cdk.tf.json: severities ${zips.alert.severities.policyVersion}\n`,
    );
    return 0;
  } catch (error) {
    if (!(error instanceof TrailbellError)) throw error;
    process.stderr.write(`trailbell: ${error.message}\n`);
    return 1;
  }
}
