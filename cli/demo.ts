import { isBuiltin } from 'node:module';
import { neutralise } from '../function/core/neutral.ts';
import { packAlert } from './build.ts';
import { type Command, type Io, SEVERITIES_OPTION, severitiesDir } from './command.ts';
import { type Cast, ownCast, storyCast } from './demo/cast.ts';
import { subscriptionEvents } from './demo/payloads.ts';
import { DEMO_CREDENTIALS, type DemoQueue, type Notification, startServers, teamPolicy } from './demo/servers.ts';
import { startFunction } from './lambda/function-process.ts';
import { readSeverities } from './severities-folder.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { UsageError } from './usage-error.ts';

const REGION = 'eu-central-1';

/**
 * `demo`: listens on 127.0.0.1 only, and on nothing once it has ended.
 * @throws {SeveritiesError}
 * @throws {InputError} for a file that cannot be read, before anything is started
 */
export const demoCommand: Command = {
  takesInputs: true,
  options: SEVERITIES_OPTION,
  async run(args, io) {
    // The servers keep their queues in it.
    if (!isBuiltin('node:sqlite')) {
      throw new UsageError(
        `the demo needs Node.js 22.13 or later, this is ${process.versions.node}: run it with npm start`,
      );
    }
    const severities = await readSeverities(severitiesDir(args, io));
    const now = new Date();
    const cast = args.inputs.length > 0 ? await ownCast(args.inputs, severities.accounts) : storyCast(now);
    // A folder of its own, so that two demos at once leave each other's function alone.
    await using folder = await temporaryFolder('demo');
    io.say('building the function…');
    const { accounts, teams } = cast;
    await packAlert(io.root, { severities: { ...severities, accounts }, teams }, folder.path);
    await play(io, folder.path, cast, now);
    return 0;
  },
};

async function play(io: Io, taskRoot: string, cast: Cast, now: Date): Promise<void> {
  const servers = await startServers(REGION);
  try {
    const [alerts, findings, operations] = await Promise.all(
      ['trailbell-alerts', 'trailbell-findings', 'trailbell-operations'].map(servers.createTopic),
    );
    const severity = ['high', 'critical'];
    const queues = await Promise.all([
      ...cast.queues.map((team) => servers.subscribeQueue(alerts ?? '', team, teamPolicy(team, severity))),
      servers.subscribeQueue(operations ?? '', 'operations'),
    ]);
    const lambda = await startFunction({
      taskRoot,
      handler: 'index.handler',
      memoryMb: 512,
      timeoutMs: 60_000,
      environment: {
        ALERTS_TOPIC_ARN: alerts ?? '',
        FINDINGS_TOPIC_ARN: findings ?? '',
        OPERATIONS_TOPIC_ARN: operations ?? '',
        AWS_REGION: REGION,
        AWS_ENDPOINT_URL_SNS: servers.endpoint,
        AWS_ACCESS_KEY_ID: DEMO_CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: DEMO_CREDENTIALS.secretAccessKey,
      },
      onLine: () => undefined,
    });
    const totals = new Map<string, number>();
    try {
      for (const event of subscriptionEvents(cast.messages, now)) {
        const result = await lambda.invoke(event);
        if (!result.ok) throw new Error(`the function failed: ${result.error.errorType}: ${result.error.errorMessage}`);
        for (const [name, figure] of Object.entries(result.response as Record<string, number>)) {
          totals.set(name, (totals.get(name) ?? 0) + figure);
        }
      }
    } finally {
      await lambda.stop();
    }
    await printMail(io, queues);
    await printBalance(io, totals);
    await printNext(io);
  } finally {
    await servers.close();
  }
}

/** Subjects shown of each team's messages: a screen holds no more. */
const MAX_SUBJECTS = 20;

async function printMail(io: Io, queues: readonly DemoQueue[]): Promise<void> {
  let worst: Notification | undefined;
  for (const queue of queues) {
    const mail = await queue.drain();
    await io.out(`\n${queue.name}: ${mail.length} message(s)\n`);
    for (const { Subject = '' } of mail.slice(0, MAX_SUBJECTS)) await io.out(`  ${neutralise(Subject, 120)}\n`);
    if (mail.length > MAX_SUBJECTS) await io.out(`  and ${mail.length - MAX_SUBJECTS} more\n`);
    worst ??= mail.find(({ Subject }) => Subject?.startsWith('[CRITICAL]'));
  }
  if (worst) {
    const lines = [worst.Subject ?? '', '', ...worst.Message.split('\n')].map(
      (line) => `  | ${neutralise(line, 1_000)}\n`,
    );
    await io.out(`\nOne of them in full:\n\n${lines.join('')}`);
  }
}

async function printBalance(io: Io, totals: ReadonlyMap<string, number>): Promise<void> {
  const of = (name: string) => totals.get(name) ?? 0;
  const parts = ['whitelisted', 'quiet', 'logged', 'published', 'rejected'];
  const sum = parts.reduce((total, name) => total + of(name), 0);
  await io.out(`\nBalance: ${of('received')} received = ${parts.map((name) => `${of(name)} ${name}`).join(' + ')}\n`);
  if (sum !== of('received'))
    throw new Error(`the balance is broken: ${of('received')} received, ${sum} accounted for`);
  const fates = [
    `${of('alerts/delivered')} delivered`,
    `${of('alerts/repeated')} repeated`,
    `${of('alerts/heldBack')} held back`,
    `${of('alerts/undelivered')} undelivered`,
  ];
  await io.out(`         ${of('alerts/findings')} findings = ${fates.join(' + ')}, on each topic\n`);
}

async function printNext(io: Io): Promise<void> {
  await io.out(
    [
      '',
      'Try next:',
      '  npm start -- FILE…                                   the same with your own CloudTrail files',
      '  npm run -s trailbell -- classify FILE…               one verdict a record',
      '  npm run -s trailbell -- explain kms.amazonaws.com/ScheduleKeyDeletion',
      '  edit severities/local/, then: npm run -s trailbell -- check',
      '',
    ].join('\n'),
  );
}
