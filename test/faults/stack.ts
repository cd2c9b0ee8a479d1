import { randomUUID } from 'node:crypto';
import { type FunctionProcess, startFunction } from '../../cli/lambda/function-process.ts';
import { redriveCommand } from '../../cli/redrive.ts';
import { runCommand } from '../cli/command-line.ts';
import { folderOf } from '../cli/temporary-folder.ts';
import { bundleEnvironment } from '../support/bundle.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { healthy } from '../support/fault-scripts.ts';
import type { LoopbackAccount } from './account.ts';
import { Inbox } from './inbox.ts';
import { failureOf, namesOf, outputsOf, type StackNames } from './names.ts';

/** Topics that everything must arrive on. */
export const TOPICS = ['findings', 'alerts'] as const;

/** Tries Lambda gives an event that was handed over. @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const TRIES = 3;
/** Runs of a redrive after which something is wrong with it. */
const MAX_REDRIVES = 3;

/** One try of one event. */
export interface Try {
  readonly requestId: string;
  readonly milliseconds: number;
  /** Undefined when it succeeded. */
  readonly errorType: string | undefined;
}

/** How a stack differs from what a deployment has. */
export interface StackOptions {
  readonly taskRoot: string;
  readonly timeoutMs: number;
  /** Replaces variables; undefined takes one away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly onLine?: (line: string) => void;
}

/** A deployed stack behind a fault proxy: the built bundle in processes as Lambda has them, topics, queue, ledger, bucket. */
export class FaultStack {
  readonly tries: Try[] = [];
  readonly inbox = new Inbox();
  readonly proxy: FaultProxy;
  /** Sums of the figures that every invocation, the failed ones included, writes to its log. */
  readonly figures: Record<string, number> = {};
  readonly #account: LoopbackAccount;
  readonly #options: StackOptions;
  readonly #names: StackNames;
  readonly #processes = new Map<number, Promise<FunctionProcess>>();
  readonly #underWay = new Set<Promise<void>>();

  private constructor(account: LoopbackAccount, options: StackOptions, names: StackNames, proxy: FaultProxy) {
    this.#account = account;
    this.#options = options;
    this.#names = names;
    this.proxy = proxy;
  }

  /** Creates a stack of its own in the account. `name` is in lower case, and no other stack's. */
  static async create(account: LoopbackAccount, name: string, options: StackOptions): Promise<FaultStack> {
    const names = namesOf(name);
    const proxy = await startFaultProxy(account.endpoints);
    for (const topic of TOPICS) await account.createTopic(`${name}-${topic}`);
    await account.createTopic(`${name}-operations`);
    await account.createTable(names.table);
    await account.createBucket(names.bucket);
    await account.createQueue(`${name}-undelivered`);
    return new FaultStack(account, options, names, proxy);
  }

  /** Ends a process at once, as a host that fails does. */
  kill(): Promise<void> {
    return this.signal('SIGKILL');
  }

  /** Sends the function's process a signal. */
  async signal(name: NodeJS.Signals): Promise<void> {
    const { pid } = await this.#process(0);
    if (pid !== undefined) process.kill(pid, name);
  }

  /**
   * Hands an event over as a service does: tried again under its request id, and kept in the bucket when that fails.
   * @param lane a process of its own for each
   * @param tries fewer for an event that Lambda forgets, and that is not kept either
   */
  async deliver(event: unknown, lane = 0, tries = TRIES): Promise<void> {
    const requestId = randomUUID();
    for (let attempt = 0; attempt < tries; attempt++) {
      const lambda = await this.#process(lane);
      const started = performance.now();
      const result = await lambda.invoke(event, requestId);
      const errorType = result.ok ? undefined : result.error.errorType;
      this.tries.push({ requestId, milliseconds: performance.now() - started, errorType });
      if (errorType === undefined) return;
      // Such a process is gone: Lambda starts another.
      if (/^(?:Runtime|Sandbox)\./.test(errorType)) {
        await lambda.stop();
        this.#processes.delete(lane);
      }
    }
    if (tries < TRIES) return;
    await this.#account.store(this.#names.bucket, requestId, failureOf(this.#names, requestId, event, TRIES));
  }

  /** Lambda's Invoke of what is redriven: taken at once, tried in the background. */
  take(path: string, event: unknown): void {
    if (!path.includes(`/functions/${this.#names.name}/`)) return;
    const work = this.deliver(event).finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
  }

  /** Events in the failure bucket, and findings in the queue. */
  async kept() {
    const failures = await this.#account.stored(this.#names.bucket);
    return { failures, undelivered: await this.#account.waiting(this.#names.queuePath) };
  }

  /**
   * Most repeats there may be: of what SNS took without saying so; and, where the ledger left calls unanswered, of what
   * each further try could send again.
   */
  repeatsAllowed(findings: number): number {
    const isRemembered = (this.figures['ledgerFailures'] ?? 0) === 0;
    return this.proxy.untold + (isRemembered ? 0 : findings * TOPICS.length * (this.tries.length - 1));
  }

  /** What an operator does once all is well again: the failure bucket first, then the queue, until both are empty. */
  async redrive(): Promise<void> {
    this.proxy.script = healthy;
    const values = outputsOf(this.#names, this.#account.endpoints.sqs);
    const outputs = `${await folderOf({ 'outputs.json': values })}/outputs.json`;
    for (let run = 0; (await this.kept()).failures > 0; run++) {
      if (run === MAX_REDRIVES) throw new Error('the failure bucket does not become empty');
      await this.#redrive({ outputs, failures: true });
      await Promise.all(this.#underWay);
    }
    for (let run = 0; (await this.kept()).undelivered > 0; run++) {
      if (run === MAX_REDRIVES) throw new Error('the queue does not become empty');
      await this.#redrive({ outputs });
    }
  }

  /** Takes in what the topics delivered since the last look. */
  async collect(): Promise<void> {
    for (const topic of TOPICS) {
      for (const body of await this.#account.delivered(`${this.#names.name}-${topic}`)) this.inbox.add(topic, body);
    }
  }

  async close(): Promise<void> {
    for (const lambda of this.#processes.values()) await (await lambda).stop();
    await this.proxy.close();
  }

  /** The variables of the function's environment. */
  environment(): Record<string, string> {
    const variables: Record<string, string | undefined> = {
      ...bundleEnvironment(this.proxy.endpoints.sns),
      CHAT_TOPIC_ARN: undefined,
      ALERTS_TOPIC_ARN: this.#names.topicArn('alerts'),
      FINDINGS_TOPIC_ARN: this.#names.topicArn('findings'),
      OPERATIONS_TOPIC_ARN: this.#names.topicArn('operations'),
      LEDGER_TABLE: this.#names.table,
      UNDELIVERED_QUEUE_URL: this.proxy.endpoints.sqs + this.#names.queuePath,
      MESSAGES_PER_MINUTE: '600',
      AWS_ENDPOINT_URL_DYNAMODB: this.proxy.endpoints.dynamodb,
      AWS_ENDPOINT_URL_SQS: this.proxy.endpoints.sqs,
      ...this.#options.environment,
    };
    return Object.fromEntries(
      Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
  }

  #process(lane: number): Promise<FunctionProcess> {
    const { taskRoot, timeoutMs } = this.#options;
    const how = { taskRoot, handler: 'index.handler', environment: this.environment(), memoryMb: 512, timeoutMs };
    const running = this.#processes.get(lane) ?? startFunction({ ...how, onLine: (line) => this.#read(line) });
    this.#processes.set(lane, running);
    return running;
  }

  #read(line: string): void {
    this.#options.onLine?.(line);
    if (!line.includes('"_aws"')) return;
    for (const [name, value] of Object.entries(JSON.parse(line) as object)) {
      if (typeof value === 'number') this.figures[name] = (this.figures[name] ?? 0) + value;
    }
  }

  async #redrive(options: Record<string, string | boolean>): Promise<void> {
    const { code, stderr } = await runCommand(redriveCommand, [], { rate: '100', ...options });
    if (code !== 0) throw new Error(`redrive ended with ${code}: ${stderr}`);
  }
}
