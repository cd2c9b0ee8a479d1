// What is used of the SDK, by name: a bundler leaves the rest of the package out of the chunk.
export { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
