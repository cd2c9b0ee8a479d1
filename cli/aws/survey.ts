import type { CloudTrailClient, Trail } from '@aws-sdk/client-cloudtrail';
import { type Caller, whoCalls } from './caller.ts';
import { type Organization, surveyOrganization } from './organization.ts';
import { asking, askingIfAllowed } from './problem.ts';

/** A trail that records in the Region asked, wherever it is at home. */
export interface FoundTrail {
  readonly name: string;
  readonly arn: string;
  readonly isMultiRegion: boolean;
  readonly isOrganization: boolean;
  /** Undefined when cloudtrail:GetTrailStatus is not allowed. */
  readonly isLogging: boolean | undefined;
  readonly logGroup: FoundLogGroup | undefined;
}

/** The log group a trail writes to. */
export interface FoundLogGroup {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** Names of its subscription filters; undefined when they could not be asked for. */
  readonly filters: readonly string[] | undefined;
}

/** What exists before the stack. */
export interface Survey {
  readonly caller: Caller;
  readonly trails: readonly FoundTrail[];
  readonly organization: Organization;
}

/**
 * Asks AWS what is there already; reads only.
 * @throws {AwsProblem} when callers or trails cannot be asked for; everything else may be refused
 */
export async function survey(region: string | undefined): Promise<Survey> {
  const caller = await whoCalls(region);
  const [trails, organization] = await Promise.all([surveyTrails(caller), surveyOrganization(caller.region)]);
  return { caller, trails, organization };
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html */
async function surveyTrails(caller: Caller): Promise<FoundTrail[]> {
  const { CloudTrailClient, DescribeTrailsCommand } = await import('@aws-sdk/client-cloudtrail');
  const client = new CloudTrailClient({ region: caller.region });
  const { trailList = [] } = await asking('cloudtrail:DescribeTrails', () =>
    client.send(new DescribeTrailsCommand({ includeShadowTrails: true })),
  );
  return Promise.all(trailList.map((trail) => foundTrail(client, caller, trail)));
}

async function foundTrail(client: CloudTrailClient, caller: Caller, trail: Trail): Promise<FoundTrail> {
  const arn = trail.TrailARN ?? '';
  return {
    name: trail.Name ?? '',
    arn,
    isMultiRegion: trail.IsMultiRegionTrail === true,
    isOrganization: trail.IsOrganizationTrail === true,
    isLogging: await isLogging(client, arn),
    logGroup: await foundLogGroup(caller, trail.CloudWatchLogsLogGroupArn),
  };
}

// An organization's trail answers for its status only in the account that owns it.
async function isLogging(client: CloudTrailClient, arn: string): Promise<boolean | undefined> {
  const { GetTrailStatusCommand, TrailNotFoundException } = await import('@aws-sdk/client-cloudtrail');
  const status = await askingIfAllowed('cloudtrail:GetTrailStatus', () =>
    client.send(new GetTrailStatusCommand({ Name: arn })).catch((error: unknown) => {
      if (error instanceof TrailNotFoundException) return undefined;
      throw error;
    }),
  );
  return status?.IsLogging;
}

/** A log group's ARN ends in `:*` where CloudTrail names it. */
async function foundLogGroup(caller: Caller, arn: string | undefined): Promise<FoundLogGroup | undefined> {
  const [, region, account, name] = arn?.match(/^arn:[^:]+:logs:([^:]+):(\d{12}):log-group:([^:]+)(?::\*)?$/) ?? [];
  if (!region || !account || !name) return undefined;
  const filters = account === caller.account ? await filtersOf(region, name) : undefined;
  return { name, account, region, filters };
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeSubscriptionFilters.html */
async function filtersOf(region: string, logGroupName: string): Promise<string[] | undefined> {
  const { CloudWatchLogsClient, DescribeSubscriptionFiltersCommand } = await import('@aws-sdk/client-cloudwatch-logs');
  const client = new CloudWatchLogsClient({ region });
  const answer = await askingIfAllowed('logs:DescribeSubscriptionFilters', () =>
    client.send(new DescribeSubscriptionFiltersCommand({ logGroupName })),
  );
  return answer?.subscriptionFilters?.map(({ filterName = '' }) => filterName);
}
