import { AwsProblem, asking } from '../aws/problem.ts';
import type { Location } from '../backfill/location.ts';

/**
 * Where the trail that writes to a log group writes its files.
 * @throws {AwsProblem} when no trail does, or they cannot be asked for
 */
export async function trailBucket(region: string, logGroupName: string): Promise<Location> {
  const { CloudTrailClient, DescribeTrailsCommand } = await import('@aws-sdk/client-cloudtrail');
  const client = new CloudTrailClient({ region });
  const { trailList = [] } = await asking('cloudtrail:DescribeTrails', () =>
    client.send(new DescribeTrailsCommand({ includeShadowTrails: true })),
  );
  for (const { CloudWatchLogsLogGroupArn = '', S3BucketName, S3KeyPrefix } of trailList) {
    if (CloudWatchLogsLogGroupArn.split(':')[6] !== logGroupName || S3BucketName === undefined) continue;
    return { bucket: S3BucketName, prefix: S3KeyPrefix ? `${S3KeyPrefix}/AWSLogs/` : 'AWSLogs/' };
  }
  throw new AwsProblem(`no trail here writes to the log group ${logGroupName}: name the place, s3://BUCKET/PREFIX`);
}
