import type { Construct } from 'constructs';
import { AlertFunction, type AlertFunctionProps } from './alert-function.ts';
import type { FunctionZip } from './bundle.ts';
import { DigestFunction } from './digest-function.ts';

export interface FunctionsProps extends Omit<AlertFunctionProps, 'zip'> {
  readonly zips: { readonly [name in 'alert' | 'digest']: Pick<FunctionZip, 'file' | 'sha256Base64'> };
}

/** The alert function and, where there is a ledger to read, the one that writes digests; neither may do what the other may. */
export function functions(scope: Construct, { zips, ...props }: FunctionsProps): AlertFunction {
  if (props.config.ledger) new DigestFunction(scope, 'digest', { ...props, zip: zips.digest });
  return new AlertFunction(scope, 'alert', { ...props, zip: zips.alert });
}
