/** What the help says of a command: no help loads what does the work. */
export interface CommandWords {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly usage: string;
  /** What the help of the command adds to the summary. */
  readonly details?: string;
  /** One real example, without the program's name. */
  readonly example: string;
}

/** What the help of a command says of the options of an output over HTTP. */
const ENDPOINT_USAGE =
  '--endpoint URL [--authorization es|aoss|secret|none] [--secret ARN] [--endpoint-region REGION] [--prefix NAME] [--raw] ' +
  '[--dead-letters URL]';

/** Every command, in the order of the list that `--help` shows. */
export const COMMANDS = [
  {
    name: 'demo',
    summary: 'run the built function on this machine, with SNS and SQS on loopback: a story, or your own files',
    usage: 'demo [FILE…] [--severities DIR]',
    example: 'demo trail-logs/123456789012_CloudTrail_eu-central-1_20261120T0000Z.json.gz',
  },
  {
    name: 'classify',
    summary: 'classify every record: one JSON line each, in input order',
    usage: 'classify INPUT… [--severities DIR]',
    details:
      'Counted detections count over all inputs together, by eventTime: from the first record that waits for a count on,\nlines are printed at the end.',
    example: 'classify trail-logs/ | jq -r .code | sort | uniq -c',
  },
  {
    name: 'replay',
    summary: 'say what would have been published, and what an edit of the severities changes',
    usage:
      'replay INPUT… [--severities DIR] [--compare DIR|GIT_REF [--fail-on new,lost,louder]] [--json|--markdown] [--html FILE]\n' +
      '    [--where CONDITION] [--since TIME] [--until TIME] [--timeline findings|logged|all] [--jobs N] [--watch]',
    details: [
      'INPUT           a file, a folder, s3://BUCKET/PREFIX, or - for standard input; plain or gzip, in any supported shape',
      '--compare DIR   rate every record twice, by the current severities (--severities, else the shipped ones) and by the',
      '                edited copy of them in DIR, and show which findings the edit adds, loses or rates differently',
      '--compare REF   the same with a branch, tag or commit of the repository that holds the severities: what stands there',
      '                is current, and what stands in the folder is the edit, so that a checkout compares with origin/main',
      '--fail-on LIST  exit with 1 if the edit has such a change: new (published by the edit alone), lost (published by the',
      '                current severities alone), louder (published by both, by the edit at a higher severity)',
      '--where COND    only records this condition holds for, as detections have it in "when"',
      '--since, --until  only records from a time on, and before one: 2026-11-20T12:00:00Z, 2026-11-20, or 24h ago',
      '--timeline KIND one line a record in order of time: of findings, of all that is logged, or of all',
      '--html FILE     one page to open from disk: volume, noise and what would calm it, every finding down to its record',
      '--json          one JSON document; --markdown: a comparison for a comment on a pull request',
      '--watch         stay, and show within a second what an edit of a severities file changes',
      '--jobs N        threads; else one for each core',
      '',
      'Records are counted as they come: one that is twice in the inputs counts twice. Messages are what a person would',
      'have received: each finding once, storms held back for a digest in windows of 60 minutes by eventTime, and without',
      'the ceiling of messages a minute. Counted detections count over all inputs together, by eventTime.',
    ].join('\n'),
    example: 'replay trail-logs/ --compare origin/main --fail-on lost --html review.html',
  },
  {
    name: 'suggest',
    summary: 'draft the entries that would calm a history: known work that alerts every few days',
    usage: 'suggest INPUT… [--severities DIR] [--whitelist] [--json]',
    details: [
      'Replays the inputs and drafts up to ten adjust entries, those that calm most first, ready to paste into',
      'local/policy.json of the severities. Each names one call, one caller, one account and one outcome, and the',
      'address and the kind of client where these never vary; it holds for 90 days, and its reason is yours to fill in.',
      'Only what alerted at least 10 times, on at least 5 different days, counts as known work; and nothing where more',
      'than 5 callers make the call: there the row is to be judged, not the callers. Never for guardrails, never for the',
      'root user. An entry that would calm critical findings says so.',
      '',
      '--severities DIR  the severities to start from, instead of the shipped ones',
      '--whitelist       draft whitelist entries instead: what they cover is not even logged',
      '--json            one JSON document of the same',
    ].join('\n'),
    example: 'suggest trail-logs/2026/10 trail-logs/2026/11 --severities ../our-severities',
  },
  {
    name: 'explain',
    summary: 'say step by step why a call, or a record, is rated as it is',
    usage: 'explain EVENT_SOURCE/EVENT_NAME | RECORD_FILE [--severities DIR]',
    example: 'explain kms.amazonaws.com/ScheduleKeyDeletion',
  },
  {
    name: 'draft',
    summary: "draft a service's rows from what its calls may do, for you to judge",
    usage: 'draft EVENT_SOURCE [--service NAME]',
    details: 'Guessed from access levels and names: delete what is padding, lower what is routine, write real reasons.',
    example: 'draft braket.amazonaws.com --service "Amazon Braket" > severities/local/services/braket.json',
  },
  {
    name: 'check',
    summary: 'look for edits that do nothing, hide something, or have expired',
    usage: 'check [--severities DIR] [--aws]',
    example: 'check --severities ../our-severities',
  },
  {
    name: 'test',
    summary: "run the detections' examples: those that must match, and those that must not",
    usage: 'test [ID…] [--severities DIR]',
    example: 'test console-login-without-mfa',
  },
  {
    name: 'init',
    summary: 'ask AWS what exists, and write the first configuration and the names of your accounts',
    usage: 'init [--region REGION] [--email ADDRESS] [--out FILE] [--severities DIR]',
    example: 'init --region eu-central-1 --email security@example.com',
  },
  {
    name: 'plan',
    summary: 'show what a deployment would change, with Terraform or OpenTofu',
    usage: 'plan [-- TERRAFORM_ARGUMENT…]',
    example: 'plan -- -out=next.tfplan',
  },
  {
    name: 'deploy',
    summary: 'create or update the stack, with Terraform or OpenTofu, after showing what changes',
    usage: 'deploy [--auto-approve] [-- TERRAFORM_ARGUMENT…]',
    example: 'deploy --auto-approve',
  },
  {
    name: 'verify',
    summary: 'after deploying: name subscriptions nobody confirmed and send each team one finding marked [TEST]',
    usage: 'verify [--outputs FILE] [--end-to-end] [--severities DIR]',
    details:
      'With --end-to-end it measures how long a record takes: it makes one API call which AWS refuses, waits up to 20 minutes ' +
      'for its record in the log group and in the log of the function, and publishes nothing; it needs logs:FilterLogEvents, ' +
      'and a log group of records, which a stack with "trail": "none" has not. ' +
      'When a mail or a page arrives only its reader can see.',
    example: 'verify --end-to-end',
  },
  {
    name: 'redrive',
    summary: 'send again what SNS refused, or give the function again what it failed on',
    usage: 'redrive [--failures [BUCKET] [--keep]] [--queue URL] [--dry-run] [--rate N] [--max N] [--outputs FILE]',
    details:
      'Reads the queue of undelivered findings, sends each to its topic at most --rate a second, and deletes it once SNS took ' +
      'it; what the ledger knows as sent is only deleted. Interrupted or killed it loses nothing: run it again.\n' +
      'With --failures it reads the failure bucket, invokes the function with each event, and deletes the object (--keep ' +
      'leaves it). An event that fails again comes back to the bucket; batches of a stream are waited for.\n' +
      'A dry run lists and changes nothing; it hides messages of the queue from others for up to half a minute.',
    example: 'redrive --dry-run --max 100',
  },
  {
    name: 'reconcile',
    summary: "prove from the bucket's history that every finding was sent, list what was not, and send it with --send",
    usage: 'reconcile [s3://BUCKET/PREFIX] --since 24h [--send] [--rate N] [--outputs FILE] [--severities DIR]',
    details:
      'Classifies every CloudTrail file that came to the bucket since then, up to a quarter of an hour ago, with the severities of ' +
      'this folder, and asks the ledger of the deployed stack, topic by topic, whether each finding was sent; what a digest ' +
      'tells of counts as sent. The place is where the trail of the stack writes, unless it is given. The ledger remembers ' +
      '35 days: what is older than the stack, or than the last edit of the severities, shows up as missed.\n' +
      'Findings that only a count makes are listed apart and never sent: the function may have reached the count with another ' +
      'record. What SNS refused waits in its queue: run redrive first.\n' +
      '--send publishes what was missed, --rate (5) a second, and remembers it.',
    example: 'reconcile --since 24h',
  },
  {
    name: 'run',
    summary:
      'poll a queue of S3 notifications without Lambda: records to standard output, OpenSearch, HTTP or the topics',
    usage:
      'run --queue URL --to stdout|opensearch|http|alerts [--keep] [--concurrency N] [--visibility SECONDS]\n' +
      `  --to opensearch|http: ${ENDPOINT_USAGE}\n` +
      '  --to alerts: [--outputs FILE] [--severities DIR]',
    details:
      'Takes messages until it is told to stop (SIGTERM, Ctrl-C), --concurrency (4) at once, and keeps them hidden from ' +
      'others for as long as they are in work, --visibility (60) seconds at a time. A message is deleted when every object ' +
      'and record it names has its fate; one that fails comes back after a while, its receives counted, until the redrive ' +
      'policy of the queue takes it away. Told to stop, it finishes or gives back what it has in hand within 20 seconds; ' +
      'told twice, it ends at once; killed, it loses nothing, and some records may come twice.\n' +
      '--keep leaves every message: it is looked at once, hidden while the worker runs, and given back at the end.\n' +
      '--to stdout prints one JSON line a record, and its log on standard error. --to opensearch and --to http take ' +
      'the options of index-setup (run that first); what is refused for good goes to --dead-letters, else it comes back. ' +
      '--to alerts takes the settings of the alert function from its environment variables, else from the deployed stack, ' +
      'whose digest function tells of storms.\n' +
      'Once a minute it writes one line of metrics (EMF) to its log.',
    example:
      'run --queue https://sqs.eu-central-1.amazonaws.com/111122223333/cloudtrail --to stdout | gzip > records.gz',
  },
  {
    name: 'backfill',
    summary: "take a bucket's history to a queue, OpenSearch or Kinesis, or report what it would have published",
    usage:
      'backfill s3://BUCKET/PREFIX --to queue|opensearch|kinesis|report [--from DATE] [--to DATE] [--account ID] [--region REGION]\n' +
      '    [--dry-run] [--rate N] [--concurrency N] [--state FILE]\n' +
      '  --to queue: --queue URL [--alerts]\n' +
      `  --to opensearch: ${ENDPOINT_USAGE}\n` +
      '  --to kinesis: --stream ARN [--format record|file|file-gzip] [--partition-by record|account]\n' +
      '  --to report: [--severities DIR] [--json]',
    details:
      'Takes every CloudTrail log file below the place, digests and other siblings left out: --from and --to are days (the ' +
      'last is meant whole) or times in UTC at which CloudTrail delivered the file, some minutes after its records, often ' +
      'more; --account and --region take several, separated by commas. Folders of other days, accounts and Regions are ' +
      'never listed.\n' +
      'At most --rate (50) objects a second, --concurrency (4) at once. How far it is stands in --state, a file named after ' +
      'the backfill where it is not given: run again after whatever ended it, the same command goes on, what failed first. ' +
      'A report begins anew each time.\n' +
      '--to queue sends a notification of each object, in the form of S3, that says it is of the past: the alert function leaves ' +
      'it out, unless it was sent with --alerts. Nothing else here alerts.\n' +
      '--dry-run lists everything, reads ten objects, and says what it would be and cost.',
    example: 'backfill s3://our-trail/AWSLogs --from 2026-10-01 --to 2026-10-31 --to report',
  },
  {
    name: 'index-setup',
    summary: 'put the index template and the retention policy into OpenSearch or Elasticsearch',
    usage:
      'index-setup --endpoint URL [--engine opensearch|elasticsearch|serverless] [--authorization es|aoss|secret|none] ' +
      '[--secret ARN] [--region REGION] [--prefix NAME] [--shards N] [--replicas N] [--retention-days N] [--dry-run]',
    details:
      'Once, before the first record is indexed, and again whenever a setting changes: it holds for indices made after it. ' +
      'Indices are PREFIX-YYYY-MM (--prefix, default cloudtrail), with --shards (1) and --replicas (1). --retention-days ' +
      'deletes an index when its last record has been kept so long.\n' +
      'The address of a domain or a serverless collection says how to sign and for which Region; credentials are those of ' +
      'the AWS SDK. --secret ARN sends what a secret holds instead. --engine elasticsearch for plain Elasticsearch.\n' +
      'A dry run prints the requests as JSON lines and sends none.',
    example: 'index-setup --endpoint https://search-trail-abc.eu-central-1.es.amazonaws.com --retention-days 365',
  },
  {
    name: 'destroy',
    summary: 'remove the stack; records stay unless "destroyData" is true',
    usage: 'destroy [--auto-approve] [-- TERRAFORM_ARGUMENT…]',
    example: 'destroy',
  },
  {
    name: 'build',
    summary: 'bundle the alert function with its severities into dist/alert, the others into folders beside it',
    usage: 'build [--functions alert,digest,forward,index-records] [--severities DIR]',
    details: 'With --functions only those named, with commas between: synth builds what the configuration switches on.',
    example: 'build --severities ../our-severities',
  },
  {
    name: 'schema',
    summary: 'write the JSON Schemas that editors use, from the formats and the catalogue',
    usage: 'schema',
    example: 'schema',
  },
] as const satisfies readonly CommandWords[];

/** The name of a command. */
export type CommandName = (typeof COMMANDS)[number]['name'];
