import { ConfigError, loadConfig } from './load-config.ts';

/**
 * The functions the configuration switches on, by the names `trailbell build` knows them under.
 * @returns undefined for a configuration that has problems: nothing is to be built of it, and `main` says them all
 */
export function functionsOn(root: string): readonly string[] | undefined {
  try {
    const { forwarder, indexer } = loadConfig(root).config;
    return ['alert', 'digest', ...(forwarder ? ['forward'] : []), ...(indexer ? ['index-records'] : [])];
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}
