import type { SnsLoader, SnsPort } from '../../function/sinks/publisher.ts';

/** A message that was taken, with the name of its topic. */
export interface Sent {
  readonly topic: string;
  readonly Subject?: string;
  readonly Message: string;
}

/** SNS without a network: takes each message that `refuses` gives no code. */
export function sns(refuses: (message: string, topic: string) => string | undefined = () => undefined) {
  const sent: Sent[] = [];
  class PublishBatchCommand {
    readonly input: {
      TopicArn: string;
      PublishBatchRequestEntries: { Id: string; Subject?: string; Message: string }[];
    };
    constructor(input: PublishBatchCommand['input']) {
      this.input = input;
    }
  }
  const send = async ({ input }: PublishBatchCommand) => {
    const topic = input.TopicArn.split(':').at(-1) ?? '';
    const outcomes = input.PublishBatchRequestEntries.map((entry) => ({
      ...entry,
      Code: refuses(entry.Message, topic),
    }));
    for (const { Code, Id: _, ...entry } of outcomes) if (Code === undefined) sent.push({ topic, ...entry });
    return {
      Successful: outcomes.filter(({ Code }) => Code === undefined),
      Failed: outcomes.filter(({ Code }) => Code !== undefined),
    };
  };
  const load: SnsLoader = async () => ({ client: { send }, PublishBatchCommand }) as unknown as SnsPort;
  return { load, sent };
}
