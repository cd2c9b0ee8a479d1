import { access, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { sayingProblems } from './aws/problem.ts';
import { type Survey, survey } from './aws/survey.ts';
import { chooseTrail, type TrailChoice } from './aws/trail-choice.ts';
import { type Command, type Io, SEVERITIES_OPTION, severitiesDir } from './command.ts';
import { InputError } from './input/input-error.ts';
import { UsageError } from './usage-error.ts';

/** Stands where a mail address must be written; reaches nobody. */
const PLACEHOLDER = 'change-me@example.com';

/** `init`: writes the first configuration, and never over an existing one. */
export const initCommand: Command = {
  takesInputs: false,
  options: {
    region: { type: 'string' },
    email: { type: 'string' },
    out: { type: 'string' },
    ...SEVERITIES_OPTION,
  },
  async run(args, io) {
    const { region, email, out } = args.options as Readonly<Record<string, string | undefined>>;
    if (email !== undefined && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email))
      throw new UsageError('--email takes a mail address');
    const file = out === undefined ? join(io.root, 'infra', 'config.json') : resolve(out);
    const accountsFile = join(severitiesDir(args, io), 'local', 'accounts.json');
    if (await exists(file)) {
      io.say(
        `trailbell: ${shown(file)} is there already and stays as it is; remove it, or write elsewhere with --out FILE`,
      );
      return 1;
    }
    return sayingProblems(io, async () => {
      const found = await survey(region);
      const choice = chooseTrail(found);
      for (const line of foundWords(found, choice)) await io.out(`${line}\n`);
      for (const warning of choice.warnings) io.say(`warning: ${warning}`);
      await writeConfig(file, io, found, choice, email ?? PLACEHOLDER);
      if (email === undefined)
        io.say(`warning: write the mail address of your team in place of ${PLACEHOLDER}; --email does it`);
      await writeAccounts(accountsFile, io, found);
      return 0;
    });
  },
};

function foundWords({ caller, organization }: Survey, { words }: TrailChoice): string[] {
  const { id, accountNames, refused } = organization;
  const member =
    id !== undefined ? `in the organization ${id}` : refused.length > 0 ? 'organization unknown' : 'in no organization';
  return [
    `Account ${caller.account}, ${member}; you are ${caller.arn}.`,
    ...refused.map((permission) => `Not allowed: ${permission}. Accounts keep their numbers until you name them.`),
    ...(accountNames.size > 0 ? [`${accountNames.size} active account(s) have names.`] : []),
    ...words,
  ];
}

async function writeConfig(
  file: string,
  io: Io,
  { caller }: Survey,
  choice: TrailChoice,
  email: string,
): Promise<void> {
  const mail = [{ protocol: 'email', endpoint: email }];
  const $schema = relative(dirname(file), join(io.root, 'infra', 'config.schema.json')).replaceAll('\\', '/');
  const config = {
    $schema: $schema.startsWith('.') ? $schema : `./${$schema}`,
    name: 'trailbell',
    allowedAccountIds: [caller.account],
    region: choice.region,
    state: { backend: 'local' },
    trail: choice.trail,
    teams: [],
    catchAll: { subscriptions: mail },
    operations: { subscriptions: mail },
  };
  await writeNew(file, config);
  await io.out(`Wrote ${shown(file)}. Its Terraform state is a file on this machine; "state" also takes a bucket.\n`);
}

// Rows of people's own are worth more than names from AWS, so a file that is there stays.
async function writeAccounts(file: string, io: Io, { caller, organization }: Survey): Promise<void> {
  const known = [...organization.accountNames].sort(([a], [b]) => (a < b ? -1 : 1));
  const named = known.length > 0 ? known : [[caller.account, `account-${caller.account}`] as const];
  const missing = named.map(([id]) => id);
  if (await exists(file)) {
    await io.out(
      `Left ${shown(file)} as it is; AWS names ${missing.length} account(s): ${missing.slice(0, 20).join(', ')}.\n`,
    );
    return;
  }
  const accounts = Object.fromEntries(named.map(([id, name]) => [id, { name }]));
  await writeNew(file, { $schema: '../schema/accounts.json', ...accounts });
  await io.out(`Wrote ${shown(file)}: give each account its "team", so that findings find their people.\n`);
}

async function writeNew(file: string, value: unknown): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${JSON.stringify(value, null, 2)}\n`, { flag: 'wx' });
  } catch (cause) {
    throw new InputError(shown(file), cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

function shown(file: string): string {
  const path = relative(process.cwd(), file);
  return path.startsWith('..') ? file : path;
}
