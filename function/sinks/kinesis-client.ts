// What is used of the SDK, by name: a bundler leaves the rest of the package out of the chunk.
export { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
export { NodeHttpHandler } from '@smithy/node-http-handler';
