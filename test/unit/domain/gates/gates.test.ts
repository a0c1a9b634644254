import { plainSentence } from '../../../../src/domain/rich-text';
import { type ClosedGate, closedGates, openUntil } from '../../../../src/domain/gates/evaluate';
import { type GateFacts } from '../../../../src/domain/gates/gate';
import { type GatePolicies } from '../../../../src/domain/gates/registry';
import { noon } from '../../../support/events';

const hour = 3_600_000;

type Case = readonly [
  policies: GatePolicies,
  facts: Partial<GateFacts> & { readonly action?: 'promote' | 'withdraw' },
  closed: readonly string[],
];

const open: GatePolicies = { manual: false };
const manual: GatePolicies = { manual: true };
const suspended: GatePolicies = { manual: false, suspended: true };
const both: GatePolicies = { manual: true, suspended: true };

/** It opens in an hour, for an hour. */
const closed: GatePolicies = {
  manual: false,
  windows: { open: false, opensAt: noon + hour, closesAt: noon + 2 * hour, opens: 'Mon 14:00 CET' },
};
const inWindow: GatePolicies = { manual: false, windows: { open: true, closesAt: noon + hour } };
const soaking: GatePolicies = { manual: false, soakMs: hour };
const all: GatePolicies = { ...both, ...closed, ...soaking, manual: true };

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
  [closed, {}, [`waiting-for-window until {"at":${noon + hour}}`]],
  [closed, { now: noon + hour - 1 }, [`waiting-for-window until {"at":${noon + hour}}`]],
  // A worker's clock was behind: the time that the reading names has come.
  [closed, { now: noon + hour }, []],
  [closed, { now: noon + 2 * hour }, [`waiting-for-window until {"at":${noon + 2 * hour + 5_000}}`]],
  [closed, { approved: true }, [`waiting-for-window until {"at":${noon + hour}}`]],
  [closed, { action: 'withdraw' }, []],
  [inWindow, {}, []],
  [inWindow, { now: noon + hour - 1 }, []],
  [inWindow, { now: noon + hour }, [`waiting-for-window until {"at":${noon + hour + 5_000}}`]],
  [{ manual: false, windows: { open: true } }, { now: noon + 1e12 }, []],
  [soaking, {}, [`waiting-for-soak until {"at":${noon + hour}}`]],
  [soaking, { now: noon + hour - 1 }, [`waiting-for-soak until {"at":${noon + hour}}`]],
  [soaking, { now: noon + hour }, []],
  [soaking, { approved: true }, [`waiting-for-soak until {"at":${noon + hour}}`]],
  [soaking, { action: 'withdraw' }, []],
  [
    all,
    {},
    [
      'suspended until "pipeline"',
      'waiting-for-approval until "approval"',
      `waiting-for-soak until {"at":${noon + hour}}`,
      `waiting-for-window until {"at":${noon + hour}}`,
    ],
  ],
];

const facts = (overrides: Partial<GateFacts>, action: 'promote' | 'withdraw'): GateFacts => ({
  task: { action, version: '1.4.0', from: 'staging', to: 'prod', event: { at: noon } },
  workflowId: 'promotion/apps/shop/prod/1.4.0/abc',
  approved: false,
  now: noon,
  ...overrides,
});
const answers = (
  policies: GatePolicies,
  overrides: Partial<GateFacts>,
  action: 'promote' | 'withdraw',
): readonly ClosedGate[] => closedGates(facts(overrides, action), policies);

it.each(cases)(
  'with %j, and %j, these gates are closed: %j',
  (policies, { action, ...overrides }, expected) => {
    const found = answers(policies, overrides, action ?? 'promote');
    expect(found.map(({ shownAs, until }) => `${shownAs} until ${JSON.stringify(until)}`)).toEqual(expected);
  },
);

it('a closed gate says which version it holds, where, and what opens it', () => {
  expect(answers(all, {}, 'promote').map(({ because }) => plainSentence(because))).toEqual([
    'Suspended: the promotion of 1.4.0 into prod waits. It continues when suspend is removed from the Pipeline or its environment prod.',
    'Waiting for approval of 1.4.0 into prod. To approve, send the update promote with {"version": "1.4.0"} to the workflow promotion/apps/shop/prod/1.4.0/abc. A newer version takes its place.',
    'Waiting for soak time: staging runs 1.4.0 since 2026-11-23T12:00:00Z. It can be promoted into prod at 2026-11-23T13:00:00Z. It continues by itself. To let it continue now, change gates.soak of the Pipeline.',
    'Waiting for a window: that of prod opens Mon 14:00 CET (2026-11-23T13:00:00Z). It continues by itself. To let it continue now, change gates.windows of the Pipeline.',
  ]);
});

it('of windows that were not seen to open, a closed gate says until when they are closed', () => {
  const windows = { open: false, opensAt: noon + hour, opens: 'Mon 14:00 CET', atEarliest: true } as const;
  const [gate] = answers({ manual: false, windows: { ...windows, closesAt: noon + hour } }, {}, 'promote');
  expect(gate && plainSentence(gate.because)).toContain('that of prod does not open before Mon 14:00 CET');
});

it.each<readonly [GatePolicies, Partial<GateFacts>, number | undefined]>([
  [manual, {}, undefined],
  [inWindow, {}, noon + hour],
  [{ ...inWindow, manual: true }, {}, noon + hour],
  [closed, {}, undefined],
  [closed, { now: noon + hour }, noon + 2 * hour],
  [{ manual: false, windows: { open: true } }, {}, undefined],
  [soaking, { now: noon + hour }, undefined],
])('with %j, and %j, what is open stays open until %s', (policies, overrides, end) => {
  expect(openUntil(facts(overrides, 'promote'), policies)).toBe(end);
});
