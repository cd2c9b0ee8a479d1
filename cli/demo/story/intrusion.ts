import { PAYMENTS, principalId } from './actors.ts';
import { denied, type Step, signIn } from './record.ts';
import { plantedInConsole, stolen, TOUCHED } from './scene.ts';

/** A stolen access key, from its first use to a console session as an administrator of the intruder's own making. */
export function intrusion(): Step[] {
  const { userName } = TOUCHED;
  const created = {
    path: '/',
    userName,
    userId: principalId('AIDA', userName),
    arn: `arn:aws:iam::${PAYMENTS}:user/${userName}`,
  };
  const accessKey = { accessKeyId: 'AKIAI44QH8DHBEXAMPLE', status: 'Active', userName };
  return [
    { at: '02:40:12', by: stolen, call: 'sts/GetCallerIdentity' },
    { at: '02:40:41', by: stolen, call: 'iam/ListUsers' },
    { at: '02:41:20', by: stolen, call: 'iam/ListAttachedUserPolicies', request: { userName: 'build-legacy' } },
    { at: '02:41:58', by: stolen, call: 's3/ListBuckets', request: { Host: 's3.eu-central-1.amazonaws.com' } },
    {
      at: '02:42:09',
      by: stolen,
      call: 'iam/GetAccountAuthorizationDetails',
      error: denied(stolen, 'iam:GetAccountAuthorizationDetails'),
    },
    {
      at: '02:42:26',
      by: stolen,
      call: 'organizations/ListAccounts',
      error: denied(stolen, 'organizations:ListAccounts'),
    },
    { at: '02:42:51', by: stolen, call: 'ssm/GetParametersByPath', error: denied(stolen, 'ssm:GetParametersByPath') },
    {
      at: '02:43:30',
      by: stolen,
      call: 'cloudtrail/StopLogging',
      request: { name: TOUCHED.trail },
      error: denied(stolen, 'cloudtrail:StopLogging', TOUCHED.trail),
    },
    { at: '02:46:31', by: stolen, call: 'iam/CreateUser', request: { userName }, response: { user: created } },
    { at: '02:46:48', by: stolen, call: 'iam/CreateAccessKey', request: { userName }, response: { accessKey } },
    {
      at: '02:47:20',
      by: stolen,
      call: 'iam/AttachUserPolicy',
      request: { userName, policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
    },
    {
      at: '02:48:02',
      by: stolen,
      call: 'iam/CreateLoginProfile',
      request: { userName, passwordResetRequired: false },
      response: { loginProfile: { userName, passwordResetRequired: false } },
    },
    {
      at: '02:51:44',
      by: plantedInConsole,
      call: 'signin/ConsoleLogin',
      region: 'us-east-1',
      ...signIn('Success', 'No'),
    },
  ];
}
