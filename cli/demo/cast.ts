import { UNCLAIMED } from '../../function/core/teams.ts';
import type { Packed } from '../../function/packed.ts';
import { listInputs } from '../input/files.ts';
import { recordsOf } from '../input/records.ts';
import { story, accounts as storyAccounts, unreadableMessage } from './story/index.ts';

/** What a demo plays: the log events, the accounts' names, and who wants to hear of them. */
export interface Cast {
  readonly messages: readonly string[];
  readonly accounts: Packed['severities']['accounts'];
  readonly teams: Packed['teams'];
  /** Teams with a queue each. */
  readonly queues: readonly string[];
}

/** The shipped story: the day before `now`, so that every age reads like last night's. */
export function storyCast(now: Date): Cast {
  const messages = story(new Date(now.getTime() - 24 * 60 * 60 * 1000)).map((record) => JSON.stringify(record));
  messages.splice(Math.floor(messages.length / 2), 0, unreadableMessage);
  // The platform team looks after identities and logging in every account.
  const teams = [{ name: 'platform', services: ['iam', 'cloudtrail', 'signin', 'organizations'].map(sourceOf) }];
  return { messages, accounts: storyAccounts, teams, queues: teamsOf(storyAccounts) };
}

/** The user's own records, with the accounts and teams of the severities folder, or two made-up teams by service. */
export async function ownCast(inputs: readonly string[], accounts: Cast['accounts']): Promise<Cast> {
  const messages: string[] = [];
  for (const input of await listInputs(inputs)) {
    for await (const { raw } of recordsOf(input)) messages.push(typeof raw === 'string' ? raw : JSON.stringify(raw));
  }
  const named = teamsOf(accounts);
  if (named.length > 0) return { messages, accounts, teams: [], queues: [...named, UNCLAIMED] };
  const teams = [
    {
      name: 'identity',
      services: ['iam', 'sts', 'signin', 'sso', 'kms', 'secretsmanager', 'organizations'].map(sourceOf),
    },
    {
      name: 'infrastructure',
      services: ['ec2', 's3', 'lambda', 'rds', 'eks', 'ecs', 'cloudtrail', 'ssm'].map(sourceOf),
    },
  ];
  return { messages, accounts, teams, queues: ['identity', 'infrastructure', UNCLAIMED] };
}

function teamsOf(accounts: Cast['accounts']): string[] {
  return [...new Set(Object.values(accounts).flatMap(({ team }) => team ?? []))];
}

function sourceOf(label: string): string {
  return `${label}.amazonaws.com`;
}
