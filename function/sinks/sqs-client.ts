// What is used of the SDK, by name: a bundler leaves the rest of the package out of the chunk.
export { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
