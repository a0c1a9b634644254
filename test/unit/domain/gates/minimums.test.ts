import {
  type ClosedGate,
  closedGates,
  type GateStage,
  openUntil,
} from '../../../../src/domain/gates/evaluate';
import { type GateFacts } from '../../../../src/domain/gates/gate';
import { type GatePolicies } from '../../../../src/domain/gates/registry';
import { plainSentence } from '../../../../src/domain/rich-text';
import { noon } from '../../../support/events';

const hour = 3_600_000;

const facts = (overrides: Partial<GateFacts> = {}): GateFacts => ({
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
  approvals: [],
  now: noon,
  ...overrides,
});
const minimum = (policies: Partial<GatePolicies>, rule = 'two-people'): GatePolicies => ({
  manual: false,
  rule,
  ...policies,
});
/** What a Pipeline that asks for these gates waits for under these minimums. */
const closed = (
  own: Partial<GatePolicies>,
  minimums: readonly GatePolicies[],
  { before = 'proposal', ...overrides }: Partial<GateFacts> & { readonly before?: GateStage } = {},
): readonly ClosedGate[] => closedGates(facts(overrides), { manual: false, ...own, minimums }, before);
const names = (gates: readonly ClosedGate[]) => gates.map(({ name, brief }) => `${name}: ${brief}`);
const next = (gate: ClosedGate | undefined) => plainSentence({ said: [], next: gate?.next ?? [] }).trim();
const given = (...people: string[]) => ({ approvals: people.map((by) => ({ by, at: noon })) });

const two = minimum({ approvals: { required: 2 } });
const soaking = minimum({ soakMs: 2 * hour }, 'soak');

it.each<
  readonly [what: string, own: Partial<GatePolicies>, readonly GatePolicies[], Partial<GateFacts>, string[]]
>([
  ['a Pipeline without gates', {}, [two], {}, ['approvals: 0 of 2 approvals']],
  [
    'a Pipeline that asks for fewer approvals',
    { approvals: { required: 1 } },
    [two],
    given('alice'),
    ['approvals: 1 of 2 approvals'],
  ],
  [
    'a Pipeline that asks others',
    { approvals: { required: 1, users: ['bob'] } },
    [two],
    given('alice', 'carol'),
    ['approvals: 0 of 1 approval'],
  ],
  [
    'enough approvals of both',
    { approvals: { required: 1, users: ['bob'] } },
    [two],
    given('alice', 'bob'),
    [],
  ],
  [
    'several rules',
    {},
    [two, soaking],
    {},
    ['approvals: 0 of 2 approvals', 'soak: soak time until 2026-11-23 14:00 UTC'],
  ],
  [
    'a Pipeline with a shorter soak time',
    { soakMs: hour },
    [soaking],
    { now: noon + hour },
    ['soak: soak time until 2026-11-23 14:00 UTC'],
  ],
  [
    'a rule that wants tests',
    {},
    [minimum({ promoteOn: 'tested' })],
    {},
    ['tests: the Helm tests in staging'],
  ],
  [
    'a closed window of a rule, and an open one of the Pipeline',
    { windows: { open: true } },
    [minimum({ windows: { open: false, opensAt: noon + hour, opens: 'Mon 14:00 CET' } })],
    {},
    ['windows: window opens Mon 14:00 CET'],
  ],
  [
    'a dependency of a rule',
    {},
    [
      minimum({
        dependsOn: [
          { pipeline: 'platform/db', environment: 'prod', version: '>=2', met: false, found: 'runs 1.0.0' },
        ],
      }),
    ],
    {},
    ['dependsOn: platform/db >=2 in prod'],
  ],
])('%s: no minimum is weakened', (_what, own, minimums, overrides, expected) => {
  expect(names(closed(own, minimums, overrides))).toEqual(expected);
});

it('stage: merge of the Pipeline does not move a minimum, and that of a rule moves its own gates only', () => {
  const own: Partial<GatePolicies> = { stage: 'merge', soakMs: hour };
  expect(names(closed(own, [two]))).toEqual(['approvals: 0 of 2 approvals']);
  const later = minimum({ approvals: { required: 2 }, stage: 'merge' });
  expect(names(closed({ soakMs: hour }, [later]))).toEqual(['soak: soak time until 2026-11-23 13:00 UTC']);
  expect(names(closed(own, [later], { before: 'merge' }))).toEqual([
    'approvals: 0 of 2 approvals',
    'soak: soak time until 2026-11-23 13:00 UTC',
  ]);
});

it('a closed gate of a rule names the rule, and no edit of the Pipeline that would not help', () => {
  const [gate] = closed({}, [soaking]);
  expect(next(gate)).toBe(
    "staging runs 1.4.0 since 2026-11-23 12:00 UTC. It continues by itself. The rule soak of the operator's policy asks for it.",
  );
  const [own] = closed({ soakMs: hour }, []);
  expect(next(own)).toBe(
    'staging runs 1.4.0 since 2026-11-23 12:00 UTC. It continues by itself. To let it continue now, change gates.soak of the Pipeline.',
  );
});

it('what the Pipeline and a rule both ask for is one gate, which names the rule', () => {
  const gates = closed({ soakMs: 2 * hour }, [soaking]);
  expect(names(gates)).toEqual(['soak: soak time until 2026-11-23 14:00 UTC']);
  expect(next(gates[0])).toContain('The rule soak of');
});

it('failed tests hold a promotion in any case, so no rule is named for them', () => {
  const gates = closed({}, [minimum({ promoteOn: 'tested' }), soaking], { tests: 'failed' });
  expect(names(gates)).toEqual([
    'tests: the Helm tests failed in staging',
    'soak: soak time until 2026-11-23 14:00 UTC',
  ]);
  expect(next(gates[0])).not.toContain('policy');
});

it('minimums close with time as the gates of the Pipeline do', () => {
  const window = minimum({ windows: { open: true, closesAt: noon + hour } });
  expect(openUntil(facts(), { manual: false, minimums: [window] })).toBe(noon + hour);
});

it('a withdrawal waits for no minimum', () => {
  const { task } = facts();
  expect(closed({}, [two, soaking], { task: { ...task, action: 'withdraw' } })).toEqual([]);
});
