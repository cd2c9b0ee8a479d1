import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { SnsLoader } from '../../function/sinks/publisher.ts';

/** One entry of a PublishBatch request, as it came over the wire. */
export interface StubEntry {
  readonly Id: string;
  readonly Subject: string | undefined;
  readonly Message: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** As SNS counts: body, and the names, types and values of attributes, in UTF-8. */
  readonly bytes: number;
}

/** One PublishBatch request. */
export interface StubCall {
  readonly topicArn: string;
  readonly entries: readonly StubEntry[];
}

/**
 * What SNS says to a call: each entry taken but those given a code in `failed` and those left out of the answer; an error
 * for the whole call; or no answer, with the connection cut or left open.
 */
export type StubAnswer =
  | { readonly failed?: Readonly<Record<string, string>>; readonly omitted?: readonly string[] }
  | { readonly status: number; readonly code: string }
  | 'cut'
  | 'silence';

/** The answer that takes every entry. */
export const TAKEN: StubAnswer = {};

/** Decides an answer; `index` counts the calls from 0. */
export type StubScript = (call: StubCall, index: number) => StubAnswer;

/** An SNS that takes or refuses as told. */
export interface SnsStub {
  readonly endpoint: string;
  readonly calls: readonly StubCall[];
  /** Gives the SDK's own client, pointed here. */
  readonly load: SnsLoader;
  close(): Promise<void>;
}

/** Credentials of nobody. */
const CREDENTIALS = { accessKeyId: 'demo', secretAccessKey: 'demo' };

/**
 * Serves PublishBatch of the SNS query protocol on a free port of 127.0.0.1.
 * @param requestTimeout milliseconds the client waits for an answer
 * @see https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
 */
export async function startSnsStub(script: StubScript = () => TAKEN, requestTimeout = 5_000): Promise<SnsStub> {
  const calls: StubCall[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const call = readCall(new URLSearchParams(body));
      calls.push(call);
      answer(response, call, script(call, calls.length - 1));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { SNSClient, PublishBatchCommand } = await import('@aws-sdk/client-sns');
  const client = new SNSClient({
    endpoint,
    region: 'eu-central-1',
    credentials: CREDENTIALS,
    maxAttempts: 1,
    requestHandler: { requestTimeout, throwOnRequestTimeout: true },
  });
  return {
    endpoint,
    calls,
    load: async () => ({ client, PublishBatchCommand }),
    async close() {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function readCall(form: URLSearchParams): StubCall {
  const entries: StubEntry[] = [];
  for (let member = 1; form.has(`PublishBatchRequestEntries.member.${member}.Id`); member++) {
    const prefix = `PublishBatchRequestEntries.member.${member}`;
    const Message = form.get(`${prefix}.Message`) ?? '';
    const attributes: Record<string, string> = {};
    let bytes = Buffer.byteLength(Message);
    for (let entry = 1; form.has(`${prefix}.MessageAttributes.entry.${entry}.Name`); entry++) {
      const at = `${prefix}.MessageAttributes.entry.${entry}`;
      const [name, type, value] = ['Name', 'Value.DataType', 'Value.StringValue'].map((part) =>
        form.get(`${at}.${part}`),
      );
      attributes[name ?? ''] = value ?? '';
      bytes += Buffer.byteLength(`${name}${type}${value}`);
    }
    const Subject = form.get(`${prefix}.Subject`) ?? undefined;
    entries.push({ Id: form.get(`${prefix}.Id`) ?? '', Subject, Message, attributes, bytes });
  }
  return { topicArn: form.get('TopicArn') ?? '', entries };
}

function answer(response: ServerResponse, { entries }: StubCall, said: StubAnswer): void {
  if (said === 'silence') return;
  if (said === 'cut') {
    response.destroy();
    return;
  }
  const namespace = 'xmlns="http://sns.amazonaws.com/doc/2010-03-31/"';
  if ('status' in said) {
    response.writeHead(said.status, { 'Content-Type': 'text/xml' });
    response.end(
      `<ErrorResponse ${namespace}><Error><Type>Sender</Type><Code>${said.code}</Code><Message>refused</Message></Error></ErrorResponse>`,
    );
    return;
  }
  const { failed = {}, omitted = [] } = said;
  const named = entries.filter(({ Id }) => !omitted.includes(Id));
  const successful = named.filter(({ Id }) => failed[Id] === undefined);
  const refused = named.filter(({ Id }) => failed[Id] !== undefined);
  response.writeHead(200, { 'Content-Type': 'text/xml' });
  response.end(
    `<PublishBatchResponse ${namespace}><PublishBatchResult>` +
      `<Failed>${refused.map(({ Id }) => `<member><Id>${Id}</Id><Code>${failed[Id]}</Code><Message>refused</Message><SenderFault>true</SenderFault></member>`).join('')}</Failed>` +
      `<Successful>${successful.map(({ Id }) => `<member><Id>${Id}</Id><MessageId>id-${Id}</MessageId></member>`).join('')}</Successful>` +
      '</PublishBatchResult></PublishBatchResponse>',
  );
}
