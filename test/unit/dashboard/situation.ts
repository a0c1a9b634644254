import { type Situation } from '../../../dashboard/src/acts/act';
import { type EnvironmentDetails } from '../../../dashboard/src/api/answers';

const since = '2026-11-28T12:00:00Z';

/** prod runs 1.3.0; 1.4.0 is proposed and waits. */
export const environment: EnvironmentDetails = {
  name: 'prod',
  version: '1.3.0',
  running: [{ version: '1.3.0', object: 'prod/shop', since }],
  sentence: 'prod waits for 1.4.0: 0 of 1 approval',
  acting: {
    version: '1.4.0',
    action: 'promote',
    promotion: 'promotion/apps/shop/prod/1.4.0/665fe540a70c',
    from: 'staging',
    since,
    state: 'waiting-for-approval',
    pullRequest: { url: 'https://git.example.com/12', number: 12, since },
  },
  queued: [],
  held: [],
  targets: [{ namespace: 'prod' }],
  strategy: 'pull-request',
  gates: ['1 person approves each version.'],
  freezes: [],
  suspended: false,
  ran: [{ version: '1.2.0', at: since }],
};

/** What ada saw. */
export function situation(more: Partial<Situation> = {}): Situation {
  return {
    pipeline: { namespace: 'apps', name: 'shop', suspended: false, environments: [environment] },
    environment,
    gates: [{ gate: 'approvals', says: '0 of 1 approval.' }],
    person: 'oidc:ada',
    ...more,
  };
}
