import { AwsProblem, asking, awsErrorName } from './problem.ts';

/** The organization the account is in, as far as it could be asked. */
export interface Organization {
  readonly id: string | undefined;
  readonly managementAccountId: string | undefined;
  /** Names of active accounts by id; empty when they could not be asked for. */
  readonly accountNames: ReadonlyMap<string, string>;
  /** Permissions that were missing. */
  readonly refused: readonly string[];
}

/** @see https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html */
export async function surveyOrganization(region: string): Promise<Organization> {
  const { OrganizationsClient, DescribeOrganizationCommand } = await import('@aws-sdk/client-organizations');
  const client = new OrganizationsClient({ region });
  const refused: string[] = [];
  const described = await unlessRefused('organizations:DescribeOrganization', refused, () =>
    client.send(new DescribeOrganizationCommand({})),
  );
  const { Id, MasterAccountId } = described?.Organization ?? {};
  const names =
    Id === undefined ? undefined : await unlessRefused('organizations:ListAccounts', refused, () => namesIn(client));
  return { id: Id, managementAccountId: MasterAccountId, accountNames: names ?? new Map(), refused };
}

/** Only the management account and delegated administrators may list accounts. */
async function namesIn(
  client: import('@aws-sdk/client-organizations').OrganizationsClient,
): Promise<Map<string, string>> {
  const { paginateListAccounts } = await import('@aws-sdk/client-organizations');
  const names = new Map<string, string>();
  for await (const { Accounts = [] } of paginateListAccounts({ client }, {})) {
    for (const { Id, Name, State, Status } of Accounts) {
      if (Id !== undefined && Name?.trim() && (State ?? Status ?? 'ACTIVE') === 'ACTIVE') names.set(Id, Name.trim());
    }
  }
  return names;
}

async function unlessRefused<T>(permission: string, refused: string[], call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await asking(permission, call);
  } catch (error) {
    if (awsErrorName(error) === 'AWSOrganizationsNotInUseException') return undefined;
    if (!(error instanceof AwsProblem) || error.refusal !== 'denied') throw error;
    refused.push(permission);
    return undefined;
  }
}
