// The runtime half of a Lambda environment: node:http and nothing else, so that what is measured is the bundle.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [host, port] = setting('AWS_LAMBDA_RUNTIME_API').split(':');
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** @param {string} name */
function setting(name) {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

/**
 * @param {'GET' | 'POST'} method
 * @param {string} path
 * @param {string} [body]
 * @returns {Promise<{ status: number, headers: import('node:http').IncomingHttpHeaders, body: string }>}
 */
function call(method, path, body) {
  return new Promise((resolve, reject) => {
    const headers =
      body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    const sent = request({ host, port, agent, method, path: `/2018-06-01/runtime/${path}`, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/**
 * A response over the size limit fails its own invocation only; any other refusal ends the process, as the contract asks.
 * @param {string} path
 * @param {string} body
 */
async function post(path, body) {
  const { status } = await call('POST', path, body);
  if (status !== 202 && status !== 413) throw new Error(`the runtime API answered ${status} to ${path}`);
}

/** @param {unknown} thrown */
function errorBody(thrown) {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return JSON.stringify({
    errorType: error.name,
    errorMessage: error.message,
    stackTrace: (error.stack ?? '')
      .split('\n')
      .slice(1, 33)
      .map((line) => line.trim()),
  });
}

/** @returns {Promise<(event: unknown, context: object) => unknown>} */
async function load() {
  const [file = '', name = ''] = setting('_HANDLER').split('.');
  const path = join(setting('LAMBDA_TASK_ROOT'), `${file}.mjs`);
  const handler = (await import(pathToFileURL(path).href))[name];
  if (typeof handler !== 'function') {
    throw Object.assign(new Error(`${file}.mjs exports no function ${name}`), { name: 'Runtime.HandlerNotFound' });
  }
  return handler;
}

/** @param {import('node:http').IncomingHttpHeaders} headers */
function contextOf(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    awsRequestId: String(headers['lambda-runtime-aws-request-id']),
    invokedFunctionArn: String(headers['lambda-runtime-invoked-function-arn']),
    functionName: setting('AWS_LAMBDA_FUNCTION_NAME'),
    functionVersion: setting('AWS_LAMBDA_FUNCTION_VERSION'),
    memoryLimitInMB: setting('AWS_LAMBDA_FUNCTION_MEMORY_SIZE'),
    logGroupName: setting('AWS_LAMBDA_LOG_GROUP_NAME'),
    logStreamName: setting('AWS_LAMBDA_LOG_STREAM_NAME'),
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

/** @param {unknown} cause @returns {Promise<never>} */
async function giveUp(cause) {
  process.stderr.write(`${cause instanceof Error ? cause.stack : cause}\n`);
  await post('init/error', errorBody(cause));
  process.exit(1);
}

const handler = await load().catch(giveUp);

for (;;) {
  const next = await call('GET', 'invocation/next');
  if (next.status !== 200) throw new Error(`the runtime API answered ${next.status} to invocation/next`);
  const context = contextOf(next.headers);
  process.env._X_AMZN_TRACE_ID = String(next.headers['lambda-runtime-trace-id']);
  const path = `invocation/${context.awsRequestId}`;
  const [kind, body] = await Promise.resolve(JSON.parse(next.body))
    .then((event) => handler(event, context))
    .then((value) => ['response', JSON.stringify(value) ?? 'null'])
    .catch((cause) => ['error', errorBody(cause)]);
  await post(`${path}/${kind}`, String(body));
}
