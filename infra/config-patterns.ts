import * as z from 'zod';

/** Any text but an empty one. */
export const text = z.string().trim().min(1);
/** An AWS account. */
export const accountId = z.string().regex(/^\d{12}$/, 'twelve digits');
/** A Region's name. */
export const region = z.string().regex(/^[a-z]{2,4}(-[a-z]+){1,3}-\d{1,2}$/, 'a Region such as eu-central-1');
/** The ARN of something in a service. */
export const arn = (service: string) =>
  z.string().regex(new RegExp(`^arn:aws[a-z-]*:${service}:[^\\s]{1,512}$`), `the ARN of something in ${service}`);
/** A standard topic. */
export const topicArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/,
    'the ARN of a standard topic: FIFO topics reach no mail',
  );
/** A standard queue. */
export const queueArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,80}$/,
    'the ARN of a standard queue: the topics reach no FIFO queue',
  );
/** A function, with or without a qualifier. */
export const functionArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_:$-]{1,200}$/, 'the ARN of a function');
/** A KMS key. */
export const keyArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]{1,128}$/, 'the ARN of a key, not of an alias');
/** A log group, by name. */
export const logGroupName = z.string().regex(/^[A-Za-z0-9_./#-]{1,512}$/, 'the name of a log group, not its ARN');
/** A bucket, by name. */
export const bucketName = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of a bucket');
