import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Stands in for the SDK's credential chain in the functions' bundles: Lambda hands a function its role's credentials in
 * the environment, so the chain's files, processes and sign-ins would only cost size and start-up.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export const defaultProvider = fromEnv;
