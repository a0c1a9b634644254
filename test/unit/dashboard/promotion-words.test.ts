import { describeState } from '../../../dashboard/src/components/promotion-state';
import { nameOfGate, partsOf } from '../../../dashboard/src/gates/closed-gates';
import { describeAttempt, timelineEntries } from '../../../dashboard/src/promotion/timeline-entries';
import { gates } from '../../../src/domain/gates/registry';
import { promotionStates } from '../../../src/domain/promotion/states';

it('has words for every state that a promotion shows', () => {
  const unknown = Object.entries(promotionStates)
    .filter(([, { shown }]) => shown)
    .filter(([state]) => describeState(state).words.toLowerCase() === state.replaceAll('-', ' '))
    .map(([state]) => state);
  // Their names are words already.
  expect(unknown.sort()).toEqual(
    [
      'cancelled',
      'closed',
      'deployed',
      'expired',
      'failed',
      'frozen',
      'ignored',
      'merged',
      'notified',
      'quarantined',
      'rejected',
      'retrying',
      'rolled-back',
      'superseded',
      'suspended',
      'tests-failed',
      'withdrawn',
    ].sort(),
  );
});

it('shows a state that it does not know as the server calls it', () => {
  expect(describeState('waiting-for-godot')).toEqual({ tone: 'idle', words: 'Waiting for godot' });
  expect(describeState('constructor').words).toBe('Constructor');
});

it('has a name for every gate', () => {
  const named = Object.keys(gates).map((gate) => [gate, nameOfGate(gate)]);
  expect(named.filter(([gate, name]) => gate === name)).toEqual([]);
});

it('tells what a gate waits for from what a person can do, here and on the command line', () => {
  const says =
    '1 of 2 approvals. Approved by ada. To decide, use windlass approve apps/shop prod 1.4.0. A newer version takes its place.';
  expect(partsOf(says)).toEqual({
    brief: '1 of 2 approvals.',
    next: 'Approved by ada. A newer version takes its place.',
    command: 'To decide, use windlass approve apps/shop prod 1.4.0.',
  });
  expect(partsOf('prod waits for 1.4.0')).toEqual({ brief: 'prod waits for 1.4.0', next: '', command: '' });
});

it('the timeline has the time between its entries', () => {
  expect(
    timelineEntries([
      { step: 'reported', at: '2026-11-28T12:00:00Z', by: '' },
      { step: 'approved', at: '2026-11-28T12:00:30Z', by: 'oidc:ada', detail: 'tested' },
    ]),
  ).toEqual([
    { words: 'Reported', at: '2026-11-28T12:00:00Z' },
    { words: 'Approved', at: '2026-11-28T12:00:30Z', by: 'oidc:ada', detail: 'tested', tookMs: 30_000 },
  ]);
});

it('an attempt has its reason in plain words', () => {
  const attempt = { number: 1, at: '2026-11-28T12:00:00Z' };
  expect(describeAttempt({ ...attempt, outcome: 'done' })).toBe('Done');
  expect(
    describeAttempt({ ...attempt, outcome: 'failed', code: 'push', reason: 'The push was refused.' }),
  ).toBe('Failed: The push was refused.');
  expect(describeAttempt({ ...attempt, outcome: 'lost' })).toMatch(/^Lost: /);
});
