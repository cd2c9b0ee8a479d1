import type { Construct } from 'constructs';
import type { AlertFunction } from './alert-function.ts';
import { DirectSubscription } from './direct-subscription.ts';
import { StreamSubscription, type StreamSubscriptionProps } from './stream-subscription.ts';

type Props = StreamSubscriptionProps & { readonly alertFunction: AlertFunction };

/** The way records take from the log group to the function, as configured. */
export function subscribe(scope: Construct, props: Props): DirectSubscription | StreamSubscription {
  return props.config.delivery === 'kinesis'
    ? new StreamSubscription(scope, 'stream-subscription', props)
    : new DirectSubscription(scope, 'subscription', props);
}
