import type { SeveritiesFile } from '../../../function/core/severities/load.ts';

export const POLICY = {
  alertAt: 'high',
  logAt: 'low',
  whitelist: [{ id: 'kms-data-keys', eventSource: 'kms.amazonaws.com', eventNames: ['Decrypt'], reason: 'Noise.' }],
  adjust: [],
  deletions: {
    pattern: '^(Delete|Remove)',
    severity: 'high',
    unless: [
      { id: 'autoscaling', when: '{ $.userIdentity.invokedBy = "autoscaling.amazonaws.com" }', reason: 'Scaling in.' },
    ],
  },
  failed: { denied: 'same', other: 'low' },
  unlisted: { service: 'low', event: 'low', readOnlyEvent: 'informational', insight: 'medium' },
  lists: { officeNetworks: ['192.0.2.0/24'] },
};

export const KMS = {
  $schema: '../schema/service.json',
  eventSource: 'kms.amazonaws.com',
  service: 'AWS KMS',
  events: {
    Decrypt: 'informational',
    DisableKey: { severity: 'high', reason: 'Data encrypted under it cannot be read.' },
  },
};

export const ROOT_LOGIN = {
  id: 'root-login',
  title: 'Root signed in',
  severity: 'critical',
  eventSource: 'signin.amazonaws.com',
  eventNames: ['ConsoleLogin'],
  when: '{ $.userIdentity.type = "Root" }',
  reason: 'Root can do everything.',
  examples: { match: [{ eventName: 'ConsoleLogin' }], noMatch: [{ eventName: 'GetKeyRotationStatus' }] },
};

/** The smallest folder with one file of each shipped kind. */
export const RELEASE: Readonly<Record<string, unknown>> = {
  'policy.json': POLICY,
  'services/kms.json': KMS,
  'detections/root-login.json': ROOT_LOGIN,
};

/** Files of these values; a string stands for itself, as raw text. */
export function filesOf(folder: Readonly<Record<string, unknown>>): SeveritiesFile[] {
  return Object.entries(folder).map(([path, value]) => ({
    path,
    text: typeof value === 'string' ? value : JSON.stringify(value),
  }));
}
