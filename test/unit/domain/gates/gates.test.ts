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
const two: GatePolicies = { manual: false, approvals: { required: 2 } };
const twoOfADay: GatePolicies = {
  manual: false,
  approvals: { required: 2, users: ['alice', 'bob'], expiresAfterMs: 24 * hour },
};
const given = (...people: string[]) => ({ approvals: people.map((by) => ({ by, at: noon - hour })) });
const soaking: GatePolicies = { manual: false, soakMs: hour };
const tested: GatePolicies = { manual: false, promoteOn: 'tested' };
const all: GatePolicies = { ...both, ...two, ...closed, ...soaking, ...tested, manual: true };

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
  [two, {}, ['waiting-for-approval until "approvals"']],
  [two, given('alice'), ['waiting-for-approval until "approvals"']],
  [two, given('alice', 'bob'), []],
  [two, { approved: true }, ['waiting-for-approval until "approvals"']],
  [two, { action: 'withdraw' }, []],
  [{ ...two, manual: true }, given('alice', 'bob'), ['waiting-for-approval until "approval"']],
  [{ ...two, manual: true }, { ...given('alice', 'bob'), approved: true }, []],
  [twoOfADay, given('alice', 'carol'), ['waiting-for-approval until "approvals"']],
  [twoOfADay, { ...given('alice', 'bob'), now: noon + 23 * hour - 1 }, []],
  [
    twoOfADay,
    { ...given('alice', 'bob'), now: noon + 23 * hour },
    ['waiting-for-approval until "approvals"'],
  ],
  [soaking, {}, [`waiting-for-soak until {"at":${noon + hour}}`]],
  [soaking, { now: noon + hour - 1 }, [`waiting-for-soak until {"at":${noon + hour}}`]],
  [soaking, { now: noon + hour }, []],
  [soaking, { approved: true }, [`waiting-for-soak until {"at":${noon + hour}}`]],
  [soaking, { action: 'withdraw' }, []],
  [open, { tests: 'failed' }, ['tests-failed until "tests"']],
  [open, { tests: 'passed' }, []],
  [open, { tests: 'failed', action: 'withdraw' }, []],
  [tested, {}, ['waiting-for-tests until "tests"']],
  [tested, { tests: 'failed' }, ['tests-failed until "tests"']],
  [tested, { tests: 'passed' }, []],
  [tested, { action: 'withdraw' }, []],
  [
    all,
    {},
    [
      'suspended until "pipeline"',
      'waiting-for-tests until "tests"',
      'waiting-for-approval until "approval"',
      'waiting-for-approval until "approvals"',
      `waiting-for-soak until {"at":${noon + hour}}`,
      `waiting-for-window until {"at":${noon + hour}}`,
    ],
  ],
];

const facts = (overrides: Partial<GateFacts>, action: 'promote' | 'withdraw'): GateFacts => ({
  task: {
    action,
    pipeline: { namespace: 'apps', name: 'shop' },
    version: '1.4.0',
    from: 'staging',
    to: 'prod',
    event: { at: noon },
  },
  workflowId: 'promotion/apps/shop/prod/1.4.0/abc',
  approved: false,
  approvals: [],
  now: noon,
  ...overrides,
});
const answers = (
  policies: GatePolicies,
  overrides: Partial<GateFacts>,
  action: 'promote' | 'withdraw',
): readonly ClosedGate[] => closedGates(facts(overrides, action), policies);

const textOf = ({ brief, next }: ClosedGate): string => plainSentence({ said: [`${brief}.`], next });

it.each(cases)(
  'with %j, and %j, these gates are closed: %j',
  (policies, { action, ...overrides }, expected) => {
    const found = answers(policies, overrides, action ?? 'promote');
    expect(found.map(({ shownAs, until }) => `${shownAs} until ${JSON.stringify(until)}`)).toEqual(expected);
  },
);

it('a closed gate says which version it holds, where, and what opens it', () => {
  expect(answers(all, {}, 'promote').map(textOf)).toEqual([
    'suspended. It continues when suspend is removed from the Pipeline or its environment prod.',
    'the Helm tests in staging. It continues when they pass. Check that they are enabled in the HelmRelease, and that the Alert forwards TestSucceeded.',
    'approval. To approve, send the update promote with {"version": "1.4.0"} to the workflow promotion/apps/shop/prod/1.4.0/abc. A newer version takes its place.',
    '0 of 2 approvals. To decide, send the update approve or reject with {"version": "1.4.0", "by": "NAME"} to the workflow promotion/apps/shop/prod/1.4.0/abc. A newer version replaces it and needs new approvals.',
    'soak time until 2026-11-23 13:00 UTC. staging runs 1.4.0 since 2026-11-23 12:00 UTC. It continues by itself. To let it continue now, change gates.soak of the Pipeline.',
    'window opens Mon 14:00 CET. That is 2026-11-23T13:00:00Z. It continues by itself. To let it continue now, change gates.windows of the Pipeline.',
  ]);
});

it('of windows that were not seen to open, a closed gate says until when they are closed', () => {
  const windows = { open: false, opensAt: noon + hour, opens: 'Mon 14:00 CET', atEarliest: true } as const;
  const [gate] = answers({ manual: false, windows: { ...windows, closesAt: noon + hour } }, {}, 'promote');
  expect(gate?.brief).toBe('no window opens before Mon 14:00 CET');
});

it('approvals that expire say until when they count, and when that changes', () => {
  const [gate] = answers(twoOfADay, given('alice'), 'promote');
  expect(gate?.progress).toEqual({
    standing: '1 of 2 approvals: alice (until 2026-11-24T11:00:00Z).',
    changesAt: noon + 23 * hour,
  });
});

it.each<readonly [GatePolicies, Partial<GateFacts>, number | undefined]>([
  [manual, {}, undefined],
  [inWindow, {}, noon + hour],
  [{ ...inWindow, manual: true }, {}, noon + hour],
  [closed, {}, undefined],
  [closed, { now: noon + hour }, noon + 2 * hour],
  [{ manual: false, windows: { open: true } }, {}, undefined],
  [soaking, { now: noon + hour }, undefined],
  [two, given('alice', 'bob'), undefined],
  [twoOfADay, given('alice'), undefined],
  [twoOfADay, given('alice', 'bob'), noon + 23 * hour],
])('with %j, and %j, what is open stays open until %s', (policies, overrides, end) => {
  expect(openUntil(facts(overrides, 'promote'), policies)).toBe(end);
});

const merged = (policies: GatePolicies, overrides: Partial<GateFacts>, before: 'proposal' | 'merge') =>
  closedGates(facts(overrides, 'promote'), policies, before).map(({ brief }) => brief);
const atMerge: GatePolicies = { ...all, stage: 'merge' };

it('at the stage merge, only what cannot be moved stands before the proposal', () => {
  expect(merged(atMerge, {}, 'proposal')).toEqual(['suspended', 'approval']);
  expect(merged(atMerge, {}, 'merge')).toHaveLength(6);
  expect(merged({ manual: false, stage: 'merge' }, { tests: 'failed' }, 'proposal')).toEqual([
    'the Helm tests failed in staging',
  ]);
});

it("an operator's minimum is asked for besides, whatever the Pipeline says", () => {
  const minimum: GatePolicies = { manual: false, approvals: { required: 1, groups: ['ops'] } };
  const policies: GatePolicies = { ...two, stage: 'merge', minimums: [minimum] };
  expect(merged(policies, {}, 'proposal')).toEqual(['0 of 1 approval']);
  expect(merged(policies, given('alice', 'bob'), 'merge')).toEqual(['0 of 1 approval']);
  const ofOps = { approvals: [{ by: 'alice', at: noon, groups: ['ops'] }] };
  expect(merged(policies, ofOps, 'proposal')).toEqual([]);
  expect(merged(policies, ofOps, 'merge')).toEqual(['1 of 2 approvals']);
});

it('what a person opens for one promotion is open, and nothing else', () => {
  expect(merged(all, { overridden: ['approvals', 'windows'] }, 'merge')).toEqual([
    'suspended',
    'the Helm tests in staging',
    'approval',
    'soak time until 2026-11-23 13:00 UTC',
  ]);
});

it('an approval counts for the commit that it was given for, and not by who asked for it', () => {
  const approvals = ['alice', 'bob'].map((by) => ({ by, at: noon, head: 'aaa' }));
  expect(merged(two, { approvals, head: 'aaa' }, 'merge')).toEqual([]);
  expect(merged(two, { approvals, head: 'bbb' }, 'merge')).toEqual(['0 of 2 approvals']);
  expect(merged(two, { approvals, head: 'aaa', requesters: ['bob'] }, 'merge')).toEqual(['1 of 2 approvals']);
  const allowing: GatePolicies = { manual: false, approvals: { required: 2, allowRequesters: true } };
  expect(merged(allowing, { approvals, head: 'aaa', requesters: ['bob'] }, 'merge')).toEqual([]);
});

it('a freeze and a dependency say what they are about', () => {
  const policies: GatePolicies = {
    manual: false,
    freezes: [{ name: 'apps/fair', reason: 'The fair.', author: 'alice', until: noon + hour }],
    dependsOn: [
      { pipeline: 'apps/api', environment: 'prod', version: '>=1.2', met: false, found: 'runs 1.1.0' },
    ],
  };
  expect(answers(policies, {}, 'promote').map(textOf)).toEqual([
    'frozen until 2026-11-23 13:00 UTC. The fair (alice). It continues by itself. To end it now, remove the Freeze apps/fair.',
    'apps/api >=1.2 in prod. apps/api in prod: runs 1.1.0. It continues by itself when they run there.',
  ]);
  expect(answers(policies, { now: noon + hour }, 'promote').map(({ name }) => name)).toEqual(['dependsOn']);
  expect(answers(policies, {}, 'withdraw')).toEqual([]);
});
