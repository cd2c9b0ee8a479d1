type Made = Readonly<Record<string, unknown>>;

const ACCOUNT = '111122223333';

/** A service calling for itself. */
const own = (service: string, eventSource: string, eventName: string, parts: Made = {}): Made => ({
  eventVersion: '1.11',
  userIdentity: { type: 'AWSService', invokedBy: `${service}.amazonaws.com` },
  eventTime: '2026-11-20T02:41:00Z',
  eventSource: `${eventSource}.amazonaws.com`,
  eventName,
  awsRegion: 'eu-central-1',
  sourceIPAddress: `${service}.amazonaws.com`,
  userAgent: `${service}.amazonaws.com`,
  requestParameters: null,
  responseElements: null,
  readOnly: false,
  eventType: 'AwsApiCall',
  managementEvent: true,
  recipientAccountId: ACCOUNT,
  eventCategory: 'Management',
  ...parts,
});

/** Something a service says it did, with no call behind it. */
const said = (service: string, eventName: string, serviceEventDetails: Made = {}): Made => ({
  ...own(service, service, eventName, { eventType: 'AwsServiceEvent', serviceEventDetails }),
  userIdentity: { accountId: ACCOUNT, invokedBy: `${service}.amazonaws.com` },
});

/** A service in the role that only it can take on. */
const linked = (service: string, role: string, eventSource: string, eventName: string, parts: Made = {}): Made =>
  own(service, eventSource, eventName, {
    userIdentity: {
      type: 'AssumedRole',
      principalId: `AROAEXAMPLEEXAMPLE:${service}`,
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${service}`,
      accountId: ACCOUNT,
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: 'AROAEXAMPLEEXAMPLE',
          arn: `arn:aws:iam::${ACCOUNT}:role/aws-service-role/${service}.amazonaws.com/${role}`,
          accountId: ACCOUNT,
          userName: role,
        },
        attributes: { creationDate: '2026-11-20T02:40:00Z', mfaAuthenticated: 'false' },
      },
      invokedBy: `${service}.amazonaws.com`,
    },
    ...parts,
  });

/** AWS trying something from an account of its own. */
const probe = (eventSource: string, eventName: string, parts: Made = {}): Made =>
  own('probe', eventSource, eventName, {
    userIdentity: { type: 'AWSAccount', principalId: 'AROAEXAMPLEEXAMPLE:probe', accountId: '444455556666' },
    sourceIPAddress: 'AWS Internal',
    userAgent: 'AWS Internal',
    ...parts,
  });

const role = (name: string, path: string, session: string): Made => ({
  type: 'AssumedRole',
  principalId: `AROAEXAMPLEEXAMPLE:${session}`,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/${session}`,
  accountId: ACCOUNT,
  sessionContext: {
    sessionIssuer: {
      type: 'Role',
      principalId: 'AROAEXAMPLEEXAMPLE',
      arn: `arn:aws:iam::${ACCOUNT}:role/${path}${name}`,
      accountId: ACCOUNT,
      userName: name,
    },
    attributes: { creationDate: '2026-11-20T07:58:00Z', mfaAuthenticated: 'false' },
  },
});

const SSO_ROLE = 'AWSReservedSSO_AdministratorAccess_0123456789abcdef';
const SSO = role(SSO_ROLE, 'aws-reserved/sso.amazonaws.com/eu-central-1/', 'alice@example.com');

const signIn = (userIdentity: Made, additionalEventData: Made): Made => ({
  ...own('signin', 'signin', 'ConsoleLogin'),
  userIdentity,
  sourceIPAddress: '192.0.2.10',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64)',
  responseElements: { ConsoleLogin: 'Success' },
  additionalEventData: {
    LoginTo: 'https://console.aws.amazon.com/console/home',
    MobileVersion: 'No',
    ...additionalEventData,
  },
  eventType: 'AwsConsoleSignIn',
});

/** What AWS services do in an account by themselves, each with what a reader would call it. */
export const AWS_AT_WORK: readonly (readonly [what: string, record: Made])[] = [
  [
    'scaling in ended an instance',
    own('autoscaling', 'ec2', 'TerminateInstances', {
      requestParameters: { instancesSet: { items: [{ instanceId: 'i-0123456789abcdef0' }] } },
    }),
  ],
  [
    'scaling in deleted an alarm',
    own('autoscaling', 'monitoring', 'DeleteAlarms', { requestParameters: { alarmNames: ['TargetTracking-web'] } }),
  ],
  [
    'a load balancer removed an interface',
    linked('elasticloadbalancing', 'AWSServiceRoleForElasticLoadBalancing', 'ec2', 'DeleteNetworkInterface'),
  ],
  [
    'a load balancer opened its security group',
    linked('elasticloadbalancing', 'AWSServiceRoleForElasticLoadBalancing', 'ec2', 'AuthorizeSecurityGroupIngress', {
      requestParameters: {
        groupId: 'sg-0123456789abcdef0',
        ipPermissions: {
          items: [{ ipProtocol: 'tcp', fromPort: 443, toPort: 443, ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } }],
        },
      },
    }),
  ],
  [
    'a load balancer wrote its logs',
    own('delivery.logs', 's3', 'PutObject', {
      requestParameters: { bucketName: 'example-logs', key: 'AWSLogs/1.gz' },
      managementEvent: false,
      eventCategory: 'Data',
    }),
  ],
  [
    'a bucket removed what had expired',
    own('s3', 's3', 'DeleteObject', {
      requestParameters: { bucketName: 'example', key: 'old' },
      managementEvent: false,
      eventCategory: 'Data',
    }),
  ],
  ['the cluster replaced a node', own('eks', 'ec2', 'DeleteNetworkInterface')],
  [
    'the node group deleted a launch template',
    linked('eks-nodegroup', 'AWSServiceRoleForAmazonEKSNodegroup', 'ec2', 'DeleteLaunchTemplate'),
  ],
  [
    'a container service left its target group',
    linked('ecs', 'AWSServiceRoleForECS', 'elasticloadbalancing', 'DeregisterTargets'),
  ],
  ['the database service removed an interface', linked('rds', 'AWSServiceRoleForRDS', 'ec2', 'DeleteNetworkInterface')],
  ['the database service deleted its own alarm', linked('rds', 'AWSServiceRoleForRDS', 'monitoring', 'DeleteAlarms')],
  ['a database password was rotated', said('secretsmanager', 'RotationSucceeded', { SecretId: 'example' })],
  ['the version of a secret ended', said('secretsmanager', 'EndSecretVersionDelete', { SecretId: 'example' })],
  [
    'a deleted secret is gone after its waiting period',
    said('secretsmanager', 'EndSecretDelete', { SecretId: 'example' }),
  ],
  ['a key rotated', said('kms', 'RotateKey', { keyId: '11111111-2222-4333-8444-555555555555' })],
  [
    'a deleted key is gone after its waiting period',
    said('kms', 'DeleteKey', { keyId: '11111111-2222-4333-8444-555555555555' }),
  ],
  [
    'a volume asked for a grant',
    own('ec2', 'kms', 'CreateGrant', {
      requestParameters: { granteePrincipal: 'ec2.eu-central-1.amazonaws.com', operations: ['Decrypt'] },
    }),
  ],
  ['a grant was retired', own('dynamodb', 'kms', 'RetireGrant')],
  [
    'a service read a secret',
    own('secretsmanager', 'secretsmanager', 'GetSecretValue', {
      readOnly: true,
      requestParameters: { secretId: 'example' },
    }),
  ],
  [
    'a service took on the role it was given',
    own('lambda', 'sts', 'AssumeRole', {
      readOnly: true,
      requestParameters: { roleArn: `arn:aws:iam::${ACCOUNT}:role/example`, roleSessionName: 'example' },
    }),
  ],
  [
    'a service was refused the role it was given',
    own('lambda', 'sts', 'AssumeRole', {
      readOnly: true,
      errorCode: 'AccessDenied',
      errorMessage: 'User is not authorized to perform: sts:AssumeRole',
    }),
  ],
  [
    'Config looked at the account',
    linked('config', 'AWSServiceRoleForConfig', 'iam', 'GetAccountAuthorizationDetails', { readOnly: true }),
  ],
  [
    'Config wrote that it can write',
    own('config', 's3', 'PutObject', {
      requestParameters: { bucketName: 'example-config', key: `AWSLogs/${ACCOUNT}/Config/ConfigWritabilityCheckFile` },
      managementEvent: false,
      eventCategory: 'Data',
    }),
  ],
  [
    'a conformance pack removed its rule',
    linked('config-conforms', 'AWSServiceRoleForConfigConforms', 'config', 'DeleteConfigRule'),
  ],
  ['a backup past its time was deleted', linked('backup', 'AWSServiceRoleForBackup', 'ec2', 'DeleteSnapshot')],
  [
    'the backup of a database past its time was deleted',
    linked('backup', 'AWSServiceRoleForBackup', 'rds', 'DeleteDBSnapshot'),
  ],
  [
    'a backup vault let go what had expired',
    linked('backup', 'AWSServiceRoleForBackup', 'backup', 'DeleteRecoveryPoint'),
  ],
  [
    'Security Hub closed a finding',
    linked('securityhub', 'AWSServiceRoleForSecurityHub', 'config', 'DeleteConfigRule'),
  ],
  [
    'GuardDuty removed an endpoint of its agent',
    linked('guardduty', 'AWSServiceRoleForAmazonGuardDuty', 'ec2', 'DeleteVpcEndpoints'),
  ],
  [
    'GuardDuty scanned a copy of a volume and deleted it',
    linked(
      'malware-protection.guardduty',
      'AWSServiceRoleForAmazonGuardDutyMalwareProtection',
      'ec2',
      'DeleteSnapshot',
    ),
  ],
  [
    'Trusted Advisor listed what there is',
    linked('trustedadvisor', 'AWSServiceRoleForTrustedAdvisor', 'ec2', 'DescribeSecurityGroups', { readOnly: true }),
  ],
  [
    'Inspector asked a snapshot for its blocks',
    linked('inspector2', 'AWSServiceRoleForAmazonInspector2', 'ec2', 'CreateSnapshot'),
  ],
  [
    'an organization made its role in a new account',
    linked('organizations', 'AWSServiceRoleForOrganizations', 'iam', 'CreateServiceLinkedRole'),
  ],
  [
    'single sign-on renewed its roles',
    linked('sso', 'AWSServiceRoleForSSO', 'iam', 'AttachRolePolicy', {
      requestParameters: { roleName: SSO_ROLE, policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
    }),
  ],
  [
    'single sign-on removed the policy of its role',
    linked('sso', 'AWSServiceRoleForSSO', 'iam', 'DeleteRolePolicy', {
      requestParameters: { roleName: SSO_ROLE, policyName: 'AwsSSOInlinePolicy' },
    }),
  ],
  [
    'single sign-on renewed its identity provider',
    linked('sso', 'AWSServiceRoleForSSO', 'iam', 'UpdateSAMLProvider', {
      requestParameters: {
        sAMLProviderArn: `arn:aws:iam::${ACCOUNT}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE`,
      },
    }),
  ],
  [
    'a console session renewed itself',
    own('signin', 'signin', 'RenewRole', { eventType: 'AwsConsoleSignIn', userIdentity: SSO }),
  ],
  ['a certificate renewed itself', said('acm', 'RenewCertificate')],
  ['a stack set took a member account on', own('member.org.stacksets.cloudformation', 'cloudformation', 'CreateStack')],
  [
    'a trail asked whether it can write',
    own('cloudtrail', 's3', 'GetBucketAcl', { readOnly: true, requestParameters: { bucketName: 'example-trail' } }),
  ],
  [
    'an instance was taken back by the spot market',
    said('ec2', 'BidEvictedEvent', { instanceIdSet: ['i-0123456789abcdef0'] }),
  ],
  [
    'AWS tried whether a bucket is public, and it is not',
    probe('s3', 'HeadBucket', {
      readOnly: true,
      errorCode: 'AccessDenied',
      requestParameters: { bucketName: 'example' },
      eventCategory: 'Data',
      managementEvent: false,
    }),
  ],
  [
    'AWS tried to take on a role, and may not',
    probe('sts', 'AssumeRole', { readOnly: true, errorCode: 'AccessDenied', requestParameters: null }),
  ],
  [
    'a load balancer account wrote a test file',
    probe('s3', 'PutObject', {
      requestParameters: { bucketName: 'example-logs', key: `AWSLogs/${ACCOUNT}/ELBAccessLogTestFile` },
      eventCategory: 'Data',
      managementEvent: false,
    }),
  ],
];

/** People who prove themselves to somebody else than IAM. */
export const SIGN_INS_ELSEWHERE: readonly (readonly [who: string, record: Made])[] = [
  ['a person came in through IAM Identity Center', signIn(SSO, { MFAUsed: 'No' })],
  ['a person came in through IAM Identity Center, with no word of a factor', signIn(SSO, {})],
  [
    'a person came in through a company directory',
    signIn(role('developers', '', 'alice'), {
      MFAUsed: 'No',
      SamlProviderArn: `arn:aws:iam::${ACCOUNT}:saml-provider/example`,
    }),
  ],
  [
    'a federated user came in by a link',
    signIn(
      {
        type: 'FederatedUser',
        principalId: `${ACCOUNT}:alice`,
        arn: `arn:aws:sts::${ACCOUNT}:federated-user/alice`,
        accountId: ACCOUNT,
      },
      { MFAUsed: 'No' },
    ),
  ],
  [
    'a person changed roles in the console',
    { ...signIn(SSO, {}), eventName: 'SwitchRole', responseElements: { SwitchRole: 'Success' } },
  ],
  [
    'the directory of IAM Identity Center let a person in',
    {
      ...own('sso', 'sso', 'Authenticate', { eventType: 'AwsServiceEvent' }),
      userIdentity: { type: 'Unknown', principalId: ACCOUNT, accountId: ACCOUNT, userName: 'alice@example.com' },
    },
  ],
  [
    'a person was given the credentials of a role',
    {
      ...own('sso', 'sso', 'GetRoleCredentials', { readOnly: true, eventType: 'AwsServiceEvent' }),
      userIdentity: { type: 'IdentityCenterUser', accountId: ACCOUNT },
    },
  ],
  [
    'a directory handed a role to a person',
    {
      ...own('sts', 'sts', 'AssumeRoleWithSAML', {
        readOnly: true,
        requestParameters: { roleArn: `arn:aws:iam::${ACCOUNT}:role/developers` },
      }),
      userIdentity: { type: 'SAMLUser', principalId: 'example:alice', userName: 'alice', identityProvider: 'example' },
    },
  ],
  [
    'a pipeline took on its role by its token',
    {
      ...own('sts', 'sts', 'AssumeRoleWithWebIdentity', {
        readOnly: true,
        requestParameters: { roleArn: `arn:aws:iam::${ACCOUNT}:role/deploy` },
      }),
      userIdentity: {
        type: 'WebIdentityUser',
        principalId: 'token.actions.githubusercontent.com:sts.amazonaws.com:repo:example/app',
        userName: 'repo:example/app',
        identityProvider: 'token.actions.githubusercontent.com',
      },
    },
  ],
];
