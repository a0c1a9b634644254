import { closedGates } from '../../../../src/domain/gates/evaluate';
import { type GateFacts } from '../../../../src/domain/gates/gate';
import { type GatePolicies } from '../../../../src/domain/gates/registry';
import { shownGate } from '../../../../src/domain/gates/shown-gate';
import { noon } from '../../../support/events';

const hour = 3_600_000;
const facts: GateFacts = {
  task: {
    action: 'promote',
    pipeline: { namespace: 'apps', name: 'shop' },
    version: '1.4.0',
    from: 'staging',
    to: 'prod',
    event: { at: noon },
  },
  workflowId: 'promotion/apps/shop/prod/1.4.0/abc',
  approved: false,
  approvals: [{ by: 'token:ada', at: noon - hour }],
  requesters: ['token:rob'],
  now: noon,
};
const shown = (policies: GatePolicies) => closedGates(facts, policies).map(shownGate);

it('each closed gate has its name, says why and what to do, and when time opens it', () => {
  const freezes = [{ name: 'apps/fair', reason: 'The fair', author: 'token:olga', until: noon + hour }];
  expect(shown({ manual: false, vouched: true, freezes, approvals: { required: 2 } })).toEqual([
    {
      gate: 'freeze',
      says: 'Frozen until 2026-11-23 13:00 UTC. The fair (token:olga). It continues by itself. To end it now, remove the Freeze apps/fair.',
      until: noon + hour,
    },
    {
      gate: 'approvals',
      says: expect.stringMatching(
        /^1 of 2 approvals\. Approved by token:ada\. To decide, use windlass approve apps\/shop prod 1\.4\.0 or /,
      ),
      excluded: ['token:rob', 'token:ada'],
    },
  ]);
});

it('who asked for the promotion is not excluded where the Pipeline allows it', () => {
  const [gate] = shown({ manual: false, approvals: { required: 2, allowRequesters: true } });
  expect(gate?.excluded).toEqual(['token:ada']);
});

it('a gate that a person alone opens has no end and excludes no one', () => {
  expect(shown({ manual: true })).toEqual([{ gate: 'manual', says: expect.stringMatching(/^Approval\. /) }]);
});
