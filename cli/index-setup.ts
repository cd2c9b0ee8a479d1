import { setupRequests } from '../function/core/indexing/setup.ts';
import { setUpIndex } from '../function/sinks/index-setup.ts';
import { authorizationOf } from '../function/sinks/open-output.ts';
import type { Command } from './command.ts';
import { accessOf } from './index-setup/access.ts';
import { SETUP_OPTIONS, setupOptions } from './index-setup/options.ts';

/** Milliseconds that setting up takes at most. */
const PATIENCE = 60_000;

/** `index-setup`: exit 1 when the endpoint refuses anything. */
export const indexSetupCommand: Command = {
  takesInputs: false,
  options: SETUP_OPTIONS,
  async run(args, io) {
    const options = setupOptions(args);
    if (options.dryRun) {
      for (const { path, body } of setupRequests(options.index)) {
        await io.out(`${JSON.stringify({ method: 'PUT', path: `/${path}`, body })}\n`);
      }
      return 0;
    }
    const end = performance.now() + PATIENCE;
    const deadline = { remaining: () => end - performance.now() };
    const authorization = authorizationOf(await accessOf(options));
    for (const what of await setUpIndex(options.endpoint, authorization, options.index, deadline)) {
      await io.out(`${what}\n`);
    }
    return 0;
  },
};
