/** A metric filter with its alarm on the trail's log group. */
export interface MetricFilter {
  /** Part of the state address and of every name; never changes. */
  readonly id: string;
  /** What happened when the alarm fires; the alarm's description. */
  readonly title: string;
  readonly pattern: string;
  /** Matching records in five minutes from which the alarm fires. */
  readonly threshold: number;
  /** The Security Hub control that looks for exactly this pattern. */
  readonly control?: string;
  /** Section of the CIS AWS Foundations Benchmark 1.4 to 5.0. */
  readonly section?: string;
}

/**
 * The filters of the CIS AWS Foundations Benchmark as Security Hub prescribes them, character for character: its
 * checks fail on an added or missing term. For .4 and .13 that is Security Hub's own text, which names the event source
 * where the benchmark does not. 4.15 has no control.
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html
 */
export const CIS_FILTERS: readonly MetricFilter[] = [
  {
    id: 'cis-unauthorized-calls',
    title: 'An API call was refused for lack of permission',
    control: 'CloudWatch.2',
    section: '4.1',
    threshold: 1,
    pattern: '{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}',
  },
  {
    id: 'cis-console-login-without-mfa',
    title: 'An IAM user signed in to the console without MFA',
    control: 'CloudWatch.3',
    section: '4.2',
    threshold: 1,
    pattern:
      '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
  },
  {
    id: 'cis-root-usage',
    title: 'The root user acted',
    control: 'CloudWatch.1',
    section: '4.3',
    threshold: 1,
    pattern: '{$.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType !="AwsServiceEvent"}',
  },
  {
    id: 'cis-iam-policies',
    title: 'An IAM policy was changed, attached or detached',
    control: 'CloudWatch.4',
    section: '4.4',
    threshold: 1,
    pattern:
      '{($.eventSource=iam.amazonaws.com) && (($.eventName=DeleteGroupPolicy) || ($.eventName=DeleteRolePolicy) || ($.eventName=DeleteUserPolicy) || ($.eventName=PutGroupPolicy) || ($.eventName=PutRolePolicy) || ($.eventName=PutUserPolicy) || ($.eventName=CreatePolicy) || ($.eventName=DeletePolicy) || ($.eventName=CreatePolicyVersion) || ($.eventName=DeletePolicyVersion) || ($.eventName=AttachRolePolicy) || ($.eventName=DetachRolePolicy) || ($.eventName=AttachUserPolicy) || ($.eventName=DetachUserPolicy) || ($.eventName=AttachGroupPolicy) || ($.eventName=DetachGroupPolicy))}',
  },
  {
    id: 'cis-cloudtrail',
    title: 'A trail was changed, started or stopped',
    control: 'CloudWatch.5',
    section: '4.5',
    threshold: 1,
    pattern:
      '{($.eventName=CreateTrail) || ($.eventName=UpdateTrail) || ($.eventName=DeleteTrail) || ($.eventName=StartLogging) || ($.eventName=StopLogging)}',
  },
  {
    id: 'cis-console-login-failures',
    title: 'A console sign-in failed',
    control: 'CloudWatch.6',
    section: '4.6',
    threshold: 1,
    pattern: '{($.eventName=ConsoleLogin) && ($.errorMessage="Failed authentication")}',
  },
  {
    id: 'cis-kms-keys',
    title: 'A KMS key was disabled or its deletion scheduled',
    control: 'CloudWatch.7',
    section: '4.7',
    threshold: 1,
    pattern: '{($.eventSource=kms.amazonaws.com) && (($.eventName=DisableKey) || ($.eventName=ScheduleKeyDeletion))}',
  },
  {
    id: 'cis-s3-policies',
    title: "A bucket's policy, ACL, CORS, lifecycle or replication was changed",
    control: 'CloudWatch.8',
    section: '4.8',
    threshold: 1,
    pattern:
      '{($.eventSource=s3.amazonaws.com) && (($.eventName=PutBucketAcl) || ($.eventName=PutBucketPolicy) || ($.eventName=PutBucketCors) || ($.eventName=PutBucketLifecycle) || ($.eventName=PutBucketReplication) || ($.eventName=DeleteBucketPolicy) || ($.eventName=DeleteBucketCors) || ($.eventName=DeleteBucketLifecycle) || ($.eventName=DeleteBucketReplication))}',
  },
  {
    id: 'cis-config',
    title: 'AWS Config was changed or stopped',
    control: 'CloudWatch.9',
    section: '4.9',
    threshold: 1,
    pattern:
      '{($.eventSource=config.amazonaws.com) && (($.eventName=StopConfigurationRecorder) || ($.eventName=DeleteDeliveryChannel) || ($.eventName=PutDeliveryChannel) || ($.eventName=PutConfigurationRecorder))}',
  },
  {
    id: 'cis-security-groups',
    title: 'A security group was changed',
    control: 'CloudWatch.10',
    section: '4.10',
    threshold: 1,
    pattern:
      '{($.eventName=AuthorizeSecurityGroupIngress) || ($.eventName=AuthorizeSecurityGroupEgress) || ($.eventName=RevokeSecurityGroupIngress) || ($.eventName=RevokeSecurityGroupEgress) || ($.eventName=CreateSecurityGroup) || ($.eventName=DeleteSecurityGroup)}',
  },
  {
    id: 'cis-network-acls',
    title: 'A network ACL was changed',
    control: 'CloudWatch.11',
    section: '4.11',
    threshold: 1,
    pattern:
      '{($.eventName=CreateNetworkAcl) || ($.eventName=CreateNetworkAclEntry) || ($.eventName=DeleteNetworkAcl) || ($.eventName=DeleteNetworkAclEntry) || ($.eventName=ReplaceNetworkAclEntry) || ($.eventName=ReplaceNetworkAclAssociation)}',
  },
  {
    id: 'cis-gateways',
    title: 'A network gateway was changed',
    control: 'CloudWatch.12',
    section: '4.12',
    threshold: 1,
    pattern:
      '{($.eventName=CreateCustomerGateway) || ($.eventName=DeleteCustomerGateway) || ($.eventName=AttachInternetGateway) || ($.eventName=CreateInternetGateway) || ($.eventName=DeleteInternetGateway) || ($.eventName=DetachInternetGateway)}',
  },
  {
    id: 'cis-route-tables',
    title: 'A route or route table was changed',
    control: 'CloudWatch.13',
    section: '4.13',
    threshold: 1,
    pattern:
      '{($.eventSource=ec2.amazonaws.com) && (($.eventName=CreateRoute) || ($.eventName=CreateRouteTable) || ($.eventName=ReplaceRoute) || ($.eventName=ReplaceRouteTableAssociation) || ($.eventName=DeleteRouteTable) || ($.eventName=DeleteRoute) || ($.eventName=DisassociateRouteTable))}',
  },
  {
    id: 'cis-vpcs',
    title: 'A VPC or a VPC peering was changed',
    control: 'CloudWatch.14',
    section: '4.14',
    threshold: 1,
    pattern:
      '{($.eventName=CreateVpc) || ($.eventName=DeleteVpc) || ($.eventName=ModifyVpcAttribute) || ($.eventName=AcceptVpcPeeringConnection) || ($.eventName=CreateVpcPeeringConnection) || ($.eventName=DeleteVpcPeeringConnection) || ($.eventName=RejectVpcPeeringConnection) || ($.eventName=AttachClassicLinkVpc) || ($.eventName=DetachClassicLinkVpc) || ($.eventName=DisableVpcClassicLink) || ($.eventName=EnableVpcClassicLink)}',
  },
  {
    id: 'cis-organizations',
    title: 'The organization was changed',
    section: '4.15',
    threshold: 1,
    pattern:
      '{ ($.eventSource = organizations.amazonaws.com) && (($.eventName = "AcceptHandshake") || ($.eventName = "AttachPolicy") || ($.eventName = "CreateAccount") || ($.eventName = "CreateOrganizationalUnit") || ($.eventName = "CreatePolicy") || ($.eventName = "DeclineHandshake") || ($.eventName = "DeleteOrganization") || ($.eventName = "DeleteOrganizationalUnit") || ($.eventName = "DeletePolicy") || ($.eventName = "DetachPolicy") || ($.eventName = "DisablePolicyType") || ($.eventName = "EnablePolicyType") || ($.eventName = "InviteAccountToOrganization") || ($.eventName = "LeaveOrganization") || ($.eventName = "MoveAccount") || ($.eventName = "RemoveAccountFromOrganization") || ($.eventName = "UpdatePolicy") || ($.eventName = "UpdateOrganizationalUnit")) }',
  },
];
