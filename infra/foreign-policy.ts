import type { Place } from './place.ts';

/**
 * Statements for owners of what is not the stack's: each names the stack's account and, by a condition, roles of it, which
 * need not exist yet. A principal that does not exist would be refused.
 */
export function letsIn(place: Place) {
  return (roles: readonly string[], more: object = {}) => ({
    Effect: 'Allow',
    Principal: { AWS: place.globalArn('iam', 'root') },
    Condition: {
      ArnEquals: { 'aws:PrincipalArn': roles.map((name) => place.globalArn('iam', `role/${name}`)) },
      ...more,
    },
  });
}

/** A whole policy document, as text. */
export function foreignPolicy(statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}
