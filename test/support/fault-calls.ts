/** A service the function calls. */
export type Service = 'sns' | 'sqs' | 'dynamodb';

/** One call of the SDK's, as it came over the wire. */
export interface ServiceCall {
  readonly service: Service;
  /** `PublishBatch`, `SendMessageBatch`, `PutItem` and so on. */
  readonly action: string;
  /** Name of the topic or queue; empty for tables. */
  readonly target: string;
  readonly body: string;
  /** Messages or rows of a batch; 1 for other calls. */
  readonly entries: number;
  /** Of the messages together, as SNS and SQS count them; 0 for tables. */
  readonly bytes: number;
}

/** A batch cut into what the server is given and what it is told to have refused. */
export interface CutCall {
  /** Undefined when nothing is left of it. */
  readonly body: string | undefined;
  /** Puts the refusals into the server's answer. */
  mend(answer: string): string;
}

/** What an entry of a batch is refused with. */
export interface EntryRefusal {
  readonly code: string;
  readonly senderFault: boolean;
}

type Json = Record<string, unknown>;

/** Reads a call; other protocols than the three are a fault of the test. */
export function readCall(service: Service, target: string | undefined, body: string): ServiceCall {
  if (service === 'sns') {
    const form = new URLSearchParams(body);
    const members = membersOf(form);
    const bytes = members
      .flat()
      .reduce((sum, [name, value]) => sum + (isCounted(name) ? Buffer.byteLength(value) : 0), 0);
    const name = (form.get('TopicArn') ?? '').split(':').at(-1) ?? '';
    return {
      service,
      action: form.get('Action') ?? '',
      target: name,
      body,
      entries: Math.max(1, members.length),
      bytes,
    };
  }
  const action = (target ?? '').split('.').at(-1) ?? '';
  const json = JSON.parse(body) as Json;
  if (service === 'dynamodb')
    return { service, action, target: '', body, entries: writesOf(json).length || 1, bytes: 0 };
  const entries = entriesOf(json);
  const bytes = entries.reduce((sum, { MessageBody }) => sum + Buffer.byteLength(String(MessageBody)), 0);
  const name = String(json['QueueUrl']).split('/').at(-1) ?? '';
  return { service, action, target: name, body, entries: Math.max(1, entries.length), bytes };
}

/** Takes the entries for which `refused` holds out of a batch. A call that is no batch has none to take out. */
export function cutCall(call: ServiceCall, refused: (index: number) => boolean, refusal: EntryRefusal): CutCall {
  if (call.action === 'PublishBatch') return cutPublishBatch(call, refused, refusal);
  if (call.action === 'SendMessageBatch') return cutSendMessageBatch(call, refused, refusal);
  if (call.action === 'BatchWriteItem') return cutBatchWriteItem(call, refused);
  return { body: call.body, mend: (answer) => answer };
}

/** The answer to a batch of which nothing reached the server. */
function emptyAnswer({ service }: ServiceCall): string {
  if (service !== 'sns') return '{}';
  const result = '<PublishBatchResult><Successful></Successful><Failed></Failed></PublishBatchResult>';
  return `<PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">${result}</PublishBatchResponse>`;
}

function cutPublishBatch(call: ServiceCall, refused: (index: number) => boolean, refusal: EntryRefusal): CutCall {
  const form = new URLSearchParams(call.body);
  const members = membersOf(form);
  const left = members.filter((_, index) => !refused(index));
  const others = [...form].filter(([name]) => !name.startsWith('PublishBatchRequestEntries.'));
  const fields = left.flatMap((member, index) =>
    member.map(([name, value]) => [`PublishBatchRequestEntries.member.${index + 1}.${name}`, value]),
  );
  const failed = members.flatMap((member, index) =>
    refused(index) ? `<member><Id>${new Map(member).get('Id')}</Id>${failedXml(refusal)}</member>` : [],
  );
  return {
    body: left.length === 0 ? undefined : new URLSearchParams([...others, ...fields] as [string, string][]).toString(),
    mend: (answer) => (answer || emptyAnswer(call)).replace('<Failed>', `<Failed>${failed.join('')}`),
  };
}

function failedXml({ code, senderFault }: EntryRefusal): string {
  return `<Code>${code}</Code><Message>refused</Message><SenderFault>${senderFault}</SenderFault>`;
}

function cutSendMessageBatch(call: ServiceCall, refused: (index: number) => boolean, refusal: EntryRefusal): CutCall {
  const json = JSON.parse(call.body) as Json;
  const all = entriesOf(json);
  const left = all.filter((_, index) => !refused(index));
  const failed = all
    .filter((_, index) => refused(index))
    .map(({ Id }) => ({ Id, Code: refusal.code, SenderFault: refusal.senderFault, Message: 'refused' }));
  return {
    body: left.length === 0 ? undefined : JSON.stringify({ ...json, Entries: left }),
    mend: (answer) => JSON.stringify({ ...(JSON.parse(answer || emptyAnswer(call)) as Json), Failed: failed }),
  };
}

function cutBatchWriteItem(call: ServiceCall, refused: (index: number) => boolean): CutCall {
  const json = JSON.parse(call.body) as { RequestItems: Record<string, Json[]> };
  const [table = '', all = []] = Object.entries(json.RequestItems)[0] ?? [];
  const left = all.filter((_, index) => !refused(index));
  const unprocessed = all.filter((_, index) => refused(index));
  return {
    body: left.length === 0 ? undefined : JSON.stringify({ ...json, RequestItems: { [table]: left } }),
    mend: (answer) =>
      JSON.stringify({
        ...(JSON.parse(answer || emptyAnswer(call)) as Json),
        UnprocessedItems: unprocessed.length === 0 ? {} : { [table]: unprocessed },
      }),
  };
}

/** Fields of each entry, by their names within it, in order. */
function membersOf(form: URLSearchParams): [string, string][][] {
  const members: [string, string][][] = [];
  for (const [name, value] of form) {
    const [, number = '', field = ''] = /^PublishBatchRequestEntries\.member\.(\d+)\.(.+)$/.exec(name) ?? [];
    if (number === '') continue;
    const member = members[Number(number) - 1] ?? [];
    members[Number(number) - 1] = member;
    member.push([field, value]);
  }
  return members;
}

/** SNS counts the message and the names, types and values of its attributes. */
function isCounted(field: string): boolean {
  return field === 'Message' || /^MessageAttributes\..*\.(?:Name|DataType|StringValue)$/.test(field);
}

function entriesOf(json: Json): Json[] {
  return Array.isArray(json['Entries']) ? json['Entries'] : [];
}

function writesOf(json: Json): unknown[] {
  return Object.values((json['RequestItems'] as Json | undefined) ?? {}).flat();
}
