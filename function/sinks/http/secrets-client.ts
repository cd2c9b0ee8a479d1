// What is used of the SDK, by name: a bundler leaves the rest of the package out of the chunk.
export { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
