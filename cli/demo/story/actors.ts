import type { Accounts } from '../../../function/core/severities/model.ts';
import { hex, seedOf } from './identifiers.ts';

/** The account customers depend on. */
export const PAYMENTS = '111122223333';
/** The account pipelines and identities live in. */
export const SHARED = '123456789012';
/** The account people try things in. */
export const SANDBOX = '210987654321';

/** What the company calls its accounts, as its `local/accounts.json` says. */
export const accounts: Accounts = {
  [PAYMENTS]: { name: 'prod-payments', team: 'payments', environment: 'prod' },
  [SHARED]: { name: 'shared-services', team: 'platform', environment: 'prod' },
  [SANDBOX]: { name: 'sandbox', team: 'sandbox', environment: 'dev' },
};

/** Who makes a call: the fields of a record that say so. `identity` is given the day, `YYYY-MM-DD`, its session began. */
export interface Actor {
  readonly account: string;
  readonly identity: (day: string) => Record<string, unknown>;
  readonly sourceIPAddress: string;
  readonly userAgent: string;
}

const CLI = 'aws-cli/2.31.4 md/awscrt#0.27.6 ua/2.1 os/linux lang/python#3.13';
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const SESSION_KEY = 'ASIAIOSFODNN7EXAMPLE';

/** An id as IAM gives them: a prefix, then letters and digits; always marked as an example. */
export const principalId = (prefix: 'AIDA' | 'AROA', name: string) =>
  `${prefix}${hex(seedOf(name), 10).toUpperCase()}EXAMPLE`;

/** A service that acts in its own name. */
export function service(account: string, name: string): Actor {
  const identity = () => ({ type: 'AWSService', invokedBy: name });
  return { account, identity, sourceIPAddress: name, userAgent: name };
}

interface Session {
  readonly account: string;
  readonly role: string;
  readonly session: string;
  /** IAM path of the role, without the outer slashes. */
  readonly path?: string;
  readonly ip?: string;
  readonly userAgent?: string;
  /** The service that calls with the role's rights; address and agent are then its name. */
  readonly invokedBy?: string;
}

/** A session of a role. */
export function session({ account, role, session, path, ip, userAgent, invokedBy }: Session): Actor {
  const id = principalId('AROA', `${account}/${role}`);
  const own = invokedBy?.endsWith('.amazonaws.com') ? {} : { accessKeyId: SESSION_KEY };
  const identity = (day: string) => ({
    type: 'AssumedRole',
    principalId: `${id}:${session}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
    accountId: account,
    ...own,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: id,
        arn: `arn:aws:iam::${account}:role/${path === undefined ? '' : `${path}/`}${role}`,
        accountId: account,
        userName: role,
      },
      attributes: { creationDate: `${day}T00:00:01Z`, mfaAuthenticated: 'false' },
    },
    ...(invokedBy === undefined ? {} : { invokedBy }),
  });
  return { account, identity, sourceIPAddress: invokedBy ?? ip ?? '', userAgent: invokedBy ?? userAgent ?? CLI };
}

/** A session of a service-linked role. */
export const linked = (account: string, role: string, name: string) =>
  session({
    account,
    role: `AWSServiceRoleFor${role}`,
    session: role,
    path: `aws-service-role/${name}`,
    invokedBy: name,
  });

/** A person signed in through IAM Identity Center, in a browser in the office. */
export const person = (account: string, permissionSet: string, mail: string, ip: string) =>
  session({
    account,
    role: `AWSReservedSSO_${permissionSet}_${hex(seedOf(account + permissionSet), 16)}`,
    session: mail,
    path: 'aws-reserved/sso.amazonaws.com/eu-central-1',
    ip,
    userAgent: BROWSER,
  });

/** An IAM user: with an access key from the command line, without one in a browser. */
export function user(account: string, userName: string, ip: string, accessKeyId?: string): Actor {
  const identity = () => ({
    type: 'IAMUser',
    principalId: principalId('AIDA', userName),
    arn: `arn:aws:iam::${account}:user/${userName}`,
    accountId: account,
    ...(accessKeyId === undefined ? {} : { accessKeyId }),
    userName,
  });
  return { account, identity, sourceIPAddress: ip, userAgent: accessKeyId === undefined ? BROWSER : CLI };
}

/** The root user of an account, in a browser. */
export function root(account: string, ip: string): Actor {
  const identity = () => ({
    type: 'Root',
    principalId: account,
    arn: `arn:aws:iam::${account}:root`,
    accountId: account,
    accessKeyId: '',
  });
  return { account, identity, sourceIPAddress: ip, userAgent: BROWSER };
}
