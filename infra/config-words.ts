/**
 * What an editor shows over a setting of `infra/config.json`, and the README's table says: `parent.name`, or the bare name
 * at the top.
 */
export const CONFIG_WORDS: Readonly<Record<string, string>> = {
  $schema: 'Where an editor finds this schema.',
  name: 'Prefix of every resource, and name of the stack. Several stacks live in one account under different names; changing it later makes a second stack.',
  allowedAccountIds:
    'The accounts this may be deployed to. With credentials of any other, nothing is planned or created.',
  region: 'The Region of the stack. It must be the home Region of the trail, where its log group is.',
  assumeRole: 'The ARN of a role Terraform takes on to deploy.',
  state: 'Where Terraform keeps what it knows of the stack.',
  'state.backend':
    '"s3" for a bucket shared by all who deploy, with locking; "local" for a file beside this folder, on this machine only.',
  'state.bucket': 'The bucket of the state. It must exist, and should be versioned and private.',
  'state.region': 'The Region of that bucket.',
  'state.key': 'The object in that bucket. Default: one named after the stack.',
  'state.kmsKeyArn': 'The KMS key the state is encrypted with. Default: the encryption of the bucket.',
  permissionsBoundary: 'The ARN of the policy that bounds every role the stack creates.',
  tags: 'Tags on everything the stack creates.',
  trail:
    '"create" for a trail of the stack\'s own, the log group an existing trail writes to, or "none" where there is only a bucket or other accounts send. A second trail of management events is billed by the record, so there is no default.',
  'trail.logGroupName':
    'The log group an existing trail writes to, in this account and Region. The stack takes one of its subscription filters and changes nothing else of it.',
  'trail.trailArn': 'The ARN of that trail; named in outputs only.',
  trailOptions: 'Options of the trail that "create" makes.',
  'trailOptions.organizationId':
    'Records every account of this organization. Needs its management account, or a delegated administrator of CloudTrail.',
  'trailOptions.managementAccountId':
    'The management account, when a delegated administrator deploys: the trail belongs to it.',
  'trailOptions.existingBucket':
    'A bucket of your own for the trail. Its policy must let CloudTrail write; the stack creates and changes nothing of it.',
  'trailOptions.keyPrefix': 'A prefix of every object the trail writes.',
  'trailOptions.objectLock': 'Makes records undeletable for a time. Only when the bucket is created.',
  'trailOptions.bucketRetentionDays': 'Days after which the bucket deletes records.',
  'objectLock.mode': 'GOVERNANCE lets those with a special permission delete, COMPLIANCE nobody, root included.',
  'objectLock.days': 'Days each object is locked.',
  existingDataKeyArn:
    "A KMS key of your own for trail, buckets, log groups, stream, ledger and undelivered queue, in place of the stack's. Its policy must already allow the services that write.",
  logRetentionDays: 'Days the log group keeps records. Only of a log group the stack creates.',
  delivery:
    '"direct" invokes the function from the log group. "kinesis" puts a stream between, for trails whose volume throttles invocations.',
  pushdown:
    'Lets CloudWatch Logs drop what simple whitelist entries cover, before it costs an invocation. Such records then leave the balance.',
  alerts: "Where the alert function's records come from.",
  'alerts.from':
    '"log-group" of the trail, "bucket" of its files (also records over 256 KB), "destination" for log groups of other accounts; one or more. A record that comes by two ways alerts once, with the ledger.',
  'alerts.via':
    'How the function hears of files. "queue": messages fail one by one and wait in a queue. "topic", "direct": the topic, or bucket or rule, invokes it.',
  'alerts.queueArn':
    "A queue that hears of the files, in place of the stack's; its visibility timeout, redrive and alarms are then yours.",
  'alerts.senderAccountIds': 'Accounts whose log groups may send to the destination.',
  objects: "The bucket of CloudTrail's files, and who tells of new ones, for all that read files.",
  'objects.bucketName': 'The bucket. Default: that of the trail the stack creates.',
  'objects.keyPrefix': "What keys begin with before AWSLogs/. Default: the stack's trail's.",
  'objects.keyArns':
    "KMS keys of files and of queues that are not the stack's. Of the stack's own trail the data key is known.",
  'objects.topicArn':
    'A topic that the bucket, or CloudTrail itself, tells of files. The stack subscribes and changes nothing of it.',
  'objects.eventBridge':
    'Takes a rule on the events of a bucket in this account that sends them to EventBridge already.',
  'objects.topicName': "Name of the topic that the stack's own bucket tells. Default: NAME-objects.",
  function: 'The alert function.',
  'function.memoryMb': 'Memory, in MB; processor time grows with it.',
  'function.timeoutSeconds': 'Seconds one invocation may take.',
  'function.reservedConcurrency':
    'Invocations at the same time, kept for this function and at most this many. Default: what the account has left.',
  'function.tracing': 'Traces invocations with X-Ray.',
  'function.includeRecord': 'Puts the raw record into the JSON documents of the findings topic. Mails never hold it.',
  'function.logRetentionDays': "Days the function's own log is kept.",
  ledger:
    'Remembers which findings were sent and holds back repeats and storms. Without it everything is sent at once, up to the ceiling of one invocation, and no digest is written.',
  storm: 'How many messages a storm of like findings may send.',
  'storm.windowMinutes':
    'Minutes one digest covers. After the first findings of a kind, further ones wait for it; at its end it names every target held back.',
  'storm.messagesPerMinute':
    'Messages a minute and topic, at most. Beyond it the lowest severity waits for the digest; the first critical finding of a kind never does.',
  existingTopics: "Topics of your own in place of the stack's; their policies and keys are then yours.",
  'existingTopics.alerts': 'Receives mails.',
  'existingTopics.findings': 'Receives JSON documents for programs.',
  'existingTopics.operations':
    "Receives alarms and notices about trailbell itself. Best with a key of its own: the alert key's failure must be heard.",
  chat: 'Creates the topic of chat notifications for Amazon Q Developer in chat applications.',
  teams: 'Who hears of what.',
  'teams.name': "The team, as accounts.json and subscriptions' filter policies name it.",
  'teams.minimumSeverity':
    'The least severity the team hears of. Not below alertAt of the policy: nothing below it is published.',
  'teams.interests': 'What concerns the team beyond the accounts that accounts.json gives it.',
  'interests.accounts': 'Account ids.',
  'interests.services': 'Event sources, such as iam.amazonaws.com.',
  'interests.detections': 'Ids of detections.',
  'teams.subscriptions': 'Where the team hears. Each becomes one subscription with a dead-letter queue of its own.',
  'subscriptions.protocol': 'email, sqs, https, lambda or chat.',
  'subscriptions.endpoint':
    'The address: a mail address, an https address, or an ARN. Mail addresses must confirm before they hear anything.',
  catchAll: 'Hears every high and critical finding, whomever it concerns.',
  'catchAll.subscriptions': 'Where it hears. At least one.',
  operations: 'Hears when trailbell itself is in trouble.',
  'operations.subscriptions': 'Where it hears. At least one.',
  metricAlarms: 'CloudWatch metric filters and alarms beside the function, on the same log group.',
  'metricAlarms.cis': 'The CIS set, in the exact words that Security Hub checks.',
  'metricAlarms.extended': 'Variants of the same without their gaps and false alarms.',
  forwarder:
    'Puts every record of every file into a Kinesis data stream. Off without this group; {} takes every default.',
  'forwarder.streamName': 'Name of the stream. Default: NAME-forwarded.',
  'forwarder.shards': 'Shards, or "on-demand".',
  'forwarder.streamRetentionDays': 'Days the stream keeps records.',
  'forwarder.streamKey':
    'Key of the stream: the one AWS manages, or the ARN of yours. Readers in other accounts need one of yours.',
  'forwarder.format':
    'What one Kinesis record holds: "file" is {"Records":[…]}, "file-gzip" the same compressed, "record" one CloudTrail record.',
  'forwarder.recordsPerPack': 'CloudTrail records in one Kinesis record, at most.',
  'forwarder.maxRecordKib': 'KiB one Kinesis record may have: of the stream, and of what is put.',
  'forwarder.partitionBy': '"record" spreads evenly, "account" keeps the order of an account within a file.',
  'forwarder.memoryMb': 'Memory, in MB.',
  'forwarder.timeoutSeconds': 'Seconds one file may take.',
  'forwarder.logRetentionDays': "Days the function's log is kept.",
  indexer:
    'Puts every record of every file into OpenSearch, Elasticsearch, or whatever takes NDJSON. Off without this group.',
  'indexer.endpoint': 'Where to.',
  'indexer.output': '"bulk" for OpenSearch and Elasticsearch, "http-lines" for NDJSON over HTTPS.',
  'indexer.authorization':
    '"es" signs for a domain, "aoss" for a serverless collection, "secret" sends what a secret holds, "none" nothing.',
  'indexer.targetArn': 'The domain or collection; required with "es" and "aoss".',
  'indexer.secretArn': 'Secret with username and password, or authorization; required with "secret".',
  'indexer.secretKeyArn': 'KMS key of the secret, where it has one of yours.',
  'indexer.queueArn':
    "A queue that hears of the files, in place of the stack's; its visibility timeout, redrive and alarms are then yours.",
  'indexer.indexPrefix': 'Indices are PREFIX-YYYY-MM.',
  'indexer.raw': 'Keeps the JSON of flattened fields beside them: about twice the storage.',
  'indexer.maxBatchBytes': 'Bytes of one request, at most.',
  'indexer.maxBatchRecords': 'Records of one request, at most.',
  'indexer.messagesPerInvocation': 'Messages one invocation takes, at most.',
  'indexer.maximumConcurrency': 'Invocations at the same time, at most: what the output bears.',
  'indexer.memoryMb': 'Memory, in MB.',
  'indexer.timeoutSeconds': 'Seconds one invocation may take.',
  'indexer.logRetentionDays': "Days the function's log is kept.",
  workerQueue: 'A queue of new files for trailbell run. Off without this group; {} takes every default.',
  'workerQueue.visibilitySeconds': "Seconds a message is the worker's; it asks for more while it works.",
  'workerQueue.retentionDays': 'Days the queue keeps messages.',
  'workerQueue.maxReceives': 'Times a message is given out before it is a dead letter.',
  'workerQueue.targetArns':
    'Domains, collections, streams and topics the worker writes to, for the policy that is printed.',
  destroyData: 'Lets destroy empty and delete the bucket and the logs. Without it they stay.',
};
