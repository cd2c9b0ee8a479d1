import type { Problem, Severities } from '../function/core/severities/model.ts';
import { shortJson } from '../function/core/severities/problem.ts';
import { atLeast } from '../function/core/severity.ts';
import { UNCLAIMED } from '../function/core/teams.ts';
import { objectProblems } from './check-objects.ts';
import { placeProblems } from './check-places.ts';
import { subscriptionProblems } from './check-subscriptions.ts';
import { toolProblems } from './check-tools.ts';
import type { Config } from './config.ts';
import { ConfigError, type LoadedConfig } from './load-config.ts';

/** What of the severities a configuration must agree with. */
export type RatedBy = Pick<Severities, 'policy' | 'detections'>;

/** A problem of a configuration; the file is known to the caller. */
export type ConfigProblem = Omit<Problem, 'file'>;

/**
 * Refuses a configuration that is well formed and yet could not be deployed, or would stay silent.
 * @throws {ConfigError} with every problem
 */
export function checkConfig({ config, file }: Pick<LoadedConfig, 'config' | 'file'>, severities: RatedBy): void {
  const problems = configProblems(config, severities);
  if (problems.length > 0) throw new ConfigError(problems.map((problem) => ({ file, ...problem })));
}

/** Everything AWS would only report at apply time, or not at all. Empty when nothing is wrong. */
export function configProblems(config: Config, severities: RatedBy): readonly ConfigProblem[] {
  return [
    ...nameProblems(config),
    ...trailProblems(config),
    ...teamProblems(config, severities),
    ...subscriptionProblems(config),
    ...placeProblems(config),
    ...objectProblems(config),
    ...toolProblems(config),
  ];
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const MAX_BUCKET_NAME = 63;

function nameProblems({ name, region }: Config): ConfigProblem[] {
  const room = MAX_BUCKET_NAME - '-failed-123456789012-'.length - region.length;
  if (name.length <= room) return [];
  const expected = `at most ${room} characters: bucket names end in account and Region and have at most ${MAX_BUCKET_NAME}`;
  return [{ pointer: '/name', found: shortJson(name), expected }];
}

function trailProblems({ trail, trailOptions }: Config): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const { organizationId, managementAccountId, existingBucket, keyPrefix, objectLock } = trailOptions;
  if (trail !== 'create') {
    const expected = 'nothing: these options are of a trail that the stack creates';
    const given = { organizationId, managementAccountId, existingBucket, keyPrefix, objectLock };
    for (const [option, value] of Object.entries(given)) {
      if (value !== undefined) problems.push({ pointer: `/trailOptions/${option}`, found: shortJson(value), expected });
    }
    return problems;
  }
  if (managementAccountId !== undefined && organizationId === undefined) {
    const expected = 'the organization whose management account it is: without one the trail covers this account only';
    problems.push({ pointer: '/trailOptions/organizationId', found: 'nothing', expected });
  }
  if (existingBucket !== undefined && objectLock !== undefined) {
    const expected = 'nothing: object lock of an existing bucket is set where the bucket is';
    problems.push({ pointer: '/trailOptions/objectLock', found: shortJson(objectLock), expected });
  }
  return problems;
}

/** Names that findings and queues already use for something else. */
const TAKEN_NAMES: readonly string[] = [UNCLAIMED, 'catch-all', 'operations'];

function teamProblems({ teams }: Config, { policy: { alertAt }, detections }: RatedBy): ConfigProblem[] {
  const detectionIds = new Set(detections.map(({ id }) => id));
  const problems: ConfigProblem[] = [];
  const firstOf = new Map<string, number>();
  for (const [index, { name, minimumSeverity, interests }] of teams.entries()) {
    const pointer = `/teams/${index}`;
    const first = firstOf.get(name);
    firstOf.set(name, first ?? index);
    if (first !== undefined) {
      const expected = `a name of its own: /teams/${first} has it; one team may have many subscriptions`;
      problems.push({ pointer: `${pointer}/name`, found: shortJson(name), expected });
    }
    if (TAKEN_NAMES.includes(name)) {
      const expected = `another name: ${TAKEN_NAMES.join(', ')} have meanings of their own`;
      problems.push({ pointer: `${pointer}/name`, found: shortJson(name), expected });
    }
    if (!atLeast(minimumSeverity, alertAt)) {
      const expected = `${alertAt} or above: nothing below the policy's alertAt is published`;
      problems.push({ pointer: `${pointer}/minimumSeverity`, found: shortJson(minimumSeverity), expected });
    }
    for (const [position, id] of (interests?.detections ?? []).entries()) {
      if (detectionIds.has(id)) continue;
      const expected = 'the id of a detection in the severities folder';
      problems.push({ pointer: `${pointer}/interests/detections/${position}`, found: shortJson(id), expected });
    }
  }
  return problems;
}
