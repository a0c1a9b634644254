import { closedGates, openUntil } from '../../../../src/domain/gates/evaluate';
import { type GateFacts } from '../../../../src/domain/gates/gate';
import { type GatePolicies } from '../../../../src/domain/gates/registry';
import { markdown, plainSentence } from '../../../../src/domain/rich-text';
import { noon } from '../../../support/events';

const hour = 3_600_000;
const endless: GatePolicies = {
  manual: false,
  freezes: [{ name: 'apps/incident', reason: 'The network is down.' }],
};
const withEnd: GatePolicies = {
  manual: false,
  freezes: [{ name: 'apps/fair', reason: 'The fair @all', author: 'alice', until: noon + hour }],
};
const announced: GatePolicies = { manual: false, freezeStartsAt: noon + hour };

const facts = (
  overrides: Partial<GateFacts> = {},
  action: 'promote' | 'withdraw' = 'promote',
): GateFacts => ({
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
const answer = (policies: GatePolicies, given: GateFacts) =>
  closedGates(given, policies).map(({ shownAs, until, brief }) => [shownAs, until, brief]);

it.each<readonly [GatePolicies, GateFacts, ReturnType<typeof answer>]>([
  [endless, facts(), [['frozen', 'pipeline', 'frozen']]],
  [endless, facts({ now: noon + 1e12 }), [['frozen', 'pipeline', 'frozen']]],
  [endless, facts({}, 'withdraw'), []],
  [endless, facts({ overridden: ['freeze'] }), []],
  [endless, facts({ overridden: ['windows'] }), [['frozen', 'pipeline', 'frozen']]],
  [withEnd, facts(), [['frozen', { at: noon + hour }, 'frozen until 2026-11-23 13:00 UTC']]],
  [withEnd, facts({ now: noon + hour - 1 }), [['frozen', { at: noon + hour }, expect.any(String)]]],
  [withEnd, facts({ now: noon + hour }), []],
  [announced, facts(), []],
  // It has begun since it was read.
  [announced, facts({ now: noon + hour }), [['frozen', { at: noon + hour + 5_000 }, 'a freeze has begun']]],
  [announced, facts({ now: noon + hour }, 'withdraw'), []],
])('with %j, and %j: %j', (policies, given, expected) => {
  expect(answer(policies, given)).toEqual(expected);
});

it('a gate that is open stays open until the next freeze begins', () => {
  expect(openUntil(facts(), announced)).toBe(noon + hour);
  expect(openUntil(facts({}, 'withdraw'), announced)).toBeUndefined();
  expect(openUntil(facts({ now: noon + hour }), withEnd)).toBeUndefined();
});

const next = (policies: GatePolicies) => closedGates(facts(), policies)[0]?.next ?? [];

it('says why, who decided it, and what ends it', () => {
  expect(plainSentence({ said: next(endless) })).toBe(
    'The network is down. It continues when the Freeze apps/incident is removed.',
  );
  expect(plainSentence({ said: next(withEnd) })).toBe(
    'The fair @all (alice). It continues by itself. To end it now, remove the Freeze apps/fair.',
  );
});

it('notifies no one in a comment, whatever its author writes', () => {
  expect(markdown(next(withEnd))).toContain('`The fair @all` (`alice`)');
});
