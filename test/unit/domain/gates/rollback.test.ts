import { closedGates } from '../../../../src/domain/gates/evaluate';
import { type GateFacts } from '../../../../src/domain/gates/gate';
import { type GatePolicies } from '../../../../src/domain/gates/registry';
import { noon } from '../../../support/events';

const everything: GatePolicies = {
  manual: true,
  suspended: true,
  approvals: { required: 1 },
  promoteOn: 'tested',
  soakMs: 3_600_000,
  freezes: [{ name: 'apps/holidays', reason: 'Holidays.' }],
  windows: { open: false, opensAt: noon + 3_600_000, opens: 'Mon 13:00 CET' },
  dependsOn: [],
};
const minimums: readonly GatePolicies[] = [{ ...everything, rule: 'prod', approvals: { required: 2 } }];

const closed = (kind: 'promote' | 'rollback'): readonly string[] => {
  const actor = { name: 'oidc:alice', via: 'oidc' } as const;
  const facts: GateFacts = {
    task: {
      action: 'promote',
      pipeline: { namespace: 'apps', name: 'shop' },
      version: '1.3.0',
      from: 'staging',
      to: 'prod',
      event: { at: noon },
      request: { kind, actor, key: '0'.repeat(32) },
    },
    workflowId: 'promotion/apps/shop/prod/1.3.0/abc',
    approved: false,
    approvals: [],
    now: noon,
  };
  return [...new Set(closedGates(facts, { ...everything, minimums }).map(({ name }) => name))];
};

it('a rollback passes what protects an environment from new versions, and waits for people', () => {
  expect(closed('rollback')).toEqual(['suspend', 'manual', 'approvals']);
});

it('a version that a person promotes passes nothing', () => {
  expect(closed('promote')).toEqual(['suspend', 'freeze', 'tests', 'manual', 'approvals', 'soak', 'windows']);
});
