import { deliveryKey, REMEMBERED_SECONDS } from '../../function/sinks/ledger/keys.ts';
import { asking } from '../aws/problem.ts';
import { PATIENCE } from './patience.ts';

/** What the ledger knows of findings that were sent. Both methods throw an AwsProblem when AWS refuses. */
export interface SentLedger {
  isSent(topic: string, dedupKey: string): Promise<boolean>;
  markSent(topic: string, dedupKey: string): Promise<void>;
}

/** Opens the ledger of the stack; calls are patient, for a person waits and no alert is late by it. */
export async function openLedger(table: string, region: string): Promise<SentLedger> {
  const { DynamoDBClient, GetItemCommand, PutItemCommand } = await import('@aws-sdk/client-dynamodb');
  const client = new DynamoDBClient({ region, ...PATIENCE });
  const seconds = () => Math.floor(Date.now() / 1_000);
  const keyOf = (topic: string, dedupKey: string) => {
    const { pk, sk } = deliveryKey(topic, dedupKey);
    return { pk: { S: pk }, sk: { S: sk } };
  };
  return {
    async isSent(topic, dedupKey) {
      const command = new GetItemCommand({ TableName: table, Key: keyOf(topic, dedupKey), ConsistentRead: true });
      const { Item } = await asking('dynamodb:GetItem and kms:Decrypt', () => client.send(command));
      // DynamoDB deletes expired rows days late.
      return Item?.['state']?.S === 'sent' && Number(Item['expiresAt']?.N) >= seconds();
    },
    async markSent(topic, dedupKey) {
      const expiresAt = { N: String(seconds() + REMEMBERED_SECONDS) };
      const Item = { ...keyOf(topic, dedupKey), state: { S: 'sent' }, expiresAt };
      await asking('dynamodb:PutItem', () => client.send(new PutItemCommand({ TableName: table, Item })));
    },
  };
}
