import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table/index.js';
import { Construct } from 'constructs';
import type { Config } from './config.ts';
import type { Names } from './names.ts';

export interface LedgerProps {
  readonly config: Config;
  readonly names: Names;
  readonly dataKeyArn: string;
}

/**
 * The table of fates: what was sent, what a storm holds back, what a counted detection has seen. Creates nothing when
 * `config.ledger` is off. It holds names of principals and targets, so it rests under the key of the records.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
 */
export class Ledger extends Construct {
  /** Undefined without a ledger, like `arn`. */
  readonly tableName: string | undefined;
  readonly arn: string | undefined;

  constructor(scope: Construct, id: string, { config, names, dataKeyArn }: LedgerProps) {
    super(scope, id);
    if (!config.ledger) return;
    const table = new DynamodbTable(this, 'table', {
      name: names.ledger,
      // A storm is sudden, and between storms there is next to nothing.
      billingMode: 'PAY_PER_REQUEST',
      hashKey: 'pk',
      rangeKey: 'sk',
      attribute: [
        { name: 'pk', type: 'S' },
        { name: 'sk', type: 'S' },
      ],
      ttl: { attributeName: 'expiresAt', enabled: true },
      serverSideEncryption: { enabled: true, kmsKeyArn: dataKeyArn },
      // A cache of fates: an older one would take what was sent since for unsent, and an empty one fails open as well.
      pointInTimeRecovery: { enabled: false },
      deletionProtectionEnabled: !config.destroyData,
    });
    this.tableName = table.name;
    this.arn = table.arn;
  }
}
