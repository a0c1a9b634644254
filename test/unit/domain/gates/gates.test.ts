import { plainSentence } from '../../../../src/domain/rich-text';
import { closedGates } from '../../../../src/domain/gates/evaluate';
import { type GateFacts } from '../../../../src/domain/gates/gate';
import { type GatePolicies } from '../../../../src/domain/gates/registry';
import { noon } from '../../../support/events';

type Case = readonly [
  policies: GatePolicies,
  facts: Partial<GateFacts> & { readonly action?: 'promote' | 'withdraw' },
  closed: readonly string[],
];

const open: GatePolicies = { manual: false };
const manual: GatePolicies = { manual: true };
const suspended: GatePolicies = { manual: false, suspended: true };
const both: GatePolicies = { manual: true, suspended: true };

const cases: readonly Case[] = [
  [open, {}, []],
  [open, { action: 'withdraw' }, []],
  [manual, {}, ['waiting-for-approval until "approval"']],
  [manual, { approved: true }, []],
  [manual, { action: 'withdraw' }, []],
  [suspended, {}, ['suspended until "pipeline"']],
  [suspended, { approved: true }, ['suspended until "pipeline"']],
  [suspended, { action: 'withdraw' }, ['suspended until "pipeline"']],
  [both, {}, ['suspended until "pipeline"', 'waiting-for-approval until "approval"']],
  [both, { approved: true }, ['suspended until "pipeline"']],
  [both, { action: 'withdraw' }, ['suspended until "pipeline"']],
];

const answers = (policies: GatePolicies, facts: Partial<GateFacts>, action: 'promote' | 'withdraw') =>
  closedGates(
    {
      task: { action, version: '1.4.0', to: 'prod' },
      workflowId: 'promotion/apps/shop/prod/1.4.0/abc',
      approved: false,
      now: noon,
      ...facts,
    },
    policies,
  );

it.each(cases)('with %j, and %j, these gates are closed: %j', (policies, { action, ...facts }, closed) => {
  const found = answers(policies, facts, action ?? 'promote');
  expect(found.map(({ shownAs, until }) => `${shownAs} until ${JSON.stringify(until)}`)).toEqual(closed);
});

it('a closed gate says which version it holds, where, and what opens it', () => {
  expect(answers(both, {}, 'promote').map(({ because }) => plainSentence(because))).toEqual([
    'Suspended: the promotion of 1.4.0 into prod waits. It continues when suspend is removed from the Pipeline or its environment prod.',
    'Waiting for approval of 1.4.0 into prod. To approve, send the update promote with {"version": "1.4.0"} to the workflow promotion/apps/shop/prod/1.4.0/abc. A newer version takes its place.',
  ]);
});
