/** An index of a month is as old as its first record: so long after its last one it still has all of them. */
const DAYS_OF_A_MONTH = 31;

/** The retention policy's name: `<prefix>-retention`. */
export function policyName(prefix: string): string {
  return `${prefix}-retention`;
}

/**
 * The body of `PUT _plugins/_ism/policies/<name>`: deletes an index of records when its last one has been kept so long.
 * It attaches itself to indices made after it.
 * @see https://docs.opensearch.org/latest/im-plugin/ism/policies/
 */
export function ismPolicy(prefix: string, retentionDays: number): object {
  return {
    policy: {
      description: `Deletes an index of CloudTrail records after every record was kept ${retentionDays} days.`,
      default_state: 'kept',
      states: [
        {
          name: 'kept',
          actions: [],
          transitions: [{ state_name: 'deleted', conditions: { min_index_age: ageOf(retentionDays) } }],
        },
        { name: 'deleted', actions: [{ delete: {} }], transitions: [] },
      ],
      ism_template: [{ index_patterns: [`${prefix}-*`], priority: 200 }],
    },
  };
}

/**
 * The body of `PUT _ilm/policy/<name>`, with the same effect on Elasticsearch; the index template names it.
 * @see https://www.elastic.co/docs/manage-data/lifecycle/index-lifecycle-management
 */
export function ilmPolicy(retentionDays: number): object {
  return {
    policy: {
      phases: {
        hot: { min_age: '0ms', actions: {} },
        delete: { min_age: ageOf(retentionDays), actions: { delete: {} } },
      },
    },
  };
}

function ageOf(retentionDays: number): string {
  return `${retentionDays + DAYS_OF_A_MONTH}d`;
}
