// What is used of the SDK, by name: a bundler leaves the rest of the package out of the chunk.
export { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
