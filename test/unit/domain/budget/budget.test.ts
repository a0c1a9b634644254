import { answerAsk, type BudgetState, emptyBudget, isIdle } from '../../../../src/domain/budget/budget';
import {
  type BudgetAnswer,
  type BudgetAsk,
  type BudgetReport,
  faultOfAsk,
} from '../../../../src/domain/budget/budget-message';
import { defaultPace, noPermits, type Pace } from '../../../../src/domain/budget/pace';
import { noon } from '../../../support/events';

const second = 1_000;
const minute = 60 * second;
const nothing: BudgetReport = { spent: noPermits, visits: 0, uncounted: 0 };
const visit = { requests: 6, changes: 2 };

/** A budget, and the clock of its workflow. */
function budget(pace: Pace = defaultPace) {
  let state: BudgetState = emptyBudget;
  let now = noon;
  return {
    wait: (ms: number) => void (now += ms),
    isIdle: () => isIdle(state, now),
    ask: (
      worker: string,
      visits: number,
      rest: Partial<Omit<BudgetAsk, 'report'>> & { readonly report?: Partial<BudgetReport> } = {},
    ): BudgetAnswer => {
      const { report = {}, ...others } = rest;
      const ask: BudgetAsk = {
        worker,
        pace,
        held: noPermits,
        ...(visits === 0 ? {} : { wanted: { visits, each: visit } }),
        ...others,
        report: { ...nothing, ...report },
      };
      expect(faultOfAsk(ask)).toBeUndefined();
      const step = answerAsk(state, ask, now);
      state = step.state;
      return step.answer;
    },
  };
}

const told = (remaining: number, { limit = 60, resetInMs = minute } = {}): Partial<BudgetReport> => ({
  figures: { limit, remaining, resetInMs },
  figuresAgeMs: 10,
});

it('one request asks the service first, and another worker waits for what its answer says', () => {
  const { ask } = budget();
  expect(ask('a', 3)).toMatchObject({ isProbe: true, granted: { requests: 1, changes: 1 } });
  expect(ask('b', 3)).toMatchObject({ granted: noPermits, wait: { ms: second } });
  expect(ask('a', 2, { report: { spent: { requests: 1, changes: 0 }, ...told(59) } }).granted.requests).toBe(
    12,
  );
});

it('a service that tells no figures is only held to the bound on requests at once', () => {
  const { ask } = budget();
  ask('a', 1);
  const answer = ask('a', 20, { report: { spent: { requests: 1, changes: 0 }, silent: true } });
  expect(answer.granted.requests).toBeGreaterThanOrEqual(120);
  expect(answer.wait).toBeUndefined();
});

it('workers together get no more than what remains, less a reserve for others', () => {
  const { ask } = budget();
  ask('a', 0, { report: told(60) });
  const granted = ['a', 'b', 'c', 'd', 'e', 'f'].map((worker) => ask(worker, 10).granted.requests);
  const all = granted.reduce((sum, each) => sum + each, 0);
  expect(all).toBeLessThanOrEqual(57);
  expect(all).toBeGreaterThan(57 - visit.requests);
});

it('what a worker gives back, another one gets', () => {
  const { ask } = budget();
  ask('a', 0, { report: told(15) });
  expect(ask('a', 1).granted.requests).toBe(6);
  expect(ask('b', 1).granted.requests).toBe(6);
  expect(ask('c', 1)).toMatchObject({ granted: noPermits, wait: { ms: second } });
  ask('a', 0, { report: { spent: { requests: 2, changes: 1 }, visits: 1, ...told(13) } });
  expect(ask('c', 1).granted.requests).toBe(0);
  ask('b', 0, { report: { visits: 1 } });
  expect(ask('c', 1).granted.requests).toBe(6);
});

it('visits that find nothing come again after the reset, each at a time of its own', () => {
  const { ask } = budget();
  ask('a', 0, { report: told(5, { resetInMs: 30 * second }) });
  const first = ask('a', 4).wait;
  const second_ = ask('b', 4).wait;
  expect(first?.ms).toBe(30 * second);
  expect(first?.stepMs).toBeGreaterThan(second);
  expect(second_?.ms).toBe((first?.ms ?? 0) + 4 * (first?.stepMs ?? 0));
});

it('after the reset everything remains, until an answer says less', () => {
  const { ask, wait } = budget();
  ask('a', 0, { report: told(2) });
  expect(ask('a', 1).granted).toEqual(noPermits);
  wait(minute);
  expect(ask('a', 1).granted.requests).toBe(6);
  // Of before the reset, and of after it.
  const late: Partial<BudgetReport> = {
    figures: { limit: 60, remaining: 0, resetInMs: 0 },
    figuresAgeMs: second,
  };
  expect(ask('b', 1, { report: late }).granted.requests).toBe(6);
  wait(second);
  expect(ask('b', 1, { report: told(4) }).granted.requests).toBe(0);
});

it('an answer of the same window that was longer on its way changes nothing', () => {
  const { ask, wait } = budget();
  const mark = noon + minute;
  const of = (remaining: number): Partial<BudgetReport> => ({
    figures: { limit: 60, remaining, resetInMs: minute, mark },
    figuresAgeMs: 0,
  });
  ask('a', 0, { report: of(8) });
  wait(20 * second);
  expect(ask('b', 2, { report: of(50) }).granted.requests).toBe(0);
});

it('a rate limit that one worker met stops all for that time', () => {
  const { ask, wait } = budget();
  ask('a', 0, { report: { ...told(50), stopMs: 20 * second } });
  expect(ask('b', 1)).toMatchObject({ granted: noPermits, stopMs: 20 * second, wait: { ms: 20 * second } });
  wait(20 * second);
  expect(ask('b', 1)).not.toHaveProperty('stopMs');
});

it('what a lost worker was granted counts as spent, until an answer of a later grant says how it is', () => {
  const { ask, wait } = budget();
  ask('a', 0, { report: told(15, { resetInMs: 10 * minute }) });
  ask('lost', 1);
  wait(minute);
  expect(ask('a', 1).granted.requests).toBe(6);
  expect(ask('b', 1).granted.requests).toBe(0);
  wait(second);
  const report = { spent: { requests: 1, changes: 0 }, ...told(14, { resetInMs: 9 * minute }) };
  expect(ask('a', 0, { report }).granted).toEqual(noPermits);
  expect(ask('b', 1).granted.requests).toBe(6);
});

it('limits that no header tells are kept as well', () => {
  const changes = { most: 80, perMs: minute, read: 0, change: 1 };
  const { ask, wait } = budget({ atOnce: 10, limits: [changes] });
  ask('a', 0, { report: told(5_000, { limit: 5_000, resetInMs: 60 * minute }) });
  const { granted, wait: later } = ask('a', 100);
  expect(granted.changes).toBe(80);
  expect(later).toBeDefined();
  ask('a', 0, { report: { spent: granted, visits: 40 } });
  wait(30 * second);
  const full = ask('b', 1);
  expect(full.granted).toEqual(noPermits);
  expect(full.wait?.ms).toBeGreaterThanOrEqual(30 * second);
  wait(31 * second);
  expect(ask('b', 1).granted.changes).toBeGreaterThanOrEqual(2);
});

it('a visit that needs more than there ever is gets what there is', () => {
  const { ask } = budget();
  ask('a', 0, { report: told(5, { limit: 5 }) });
  expect(ask('a', 1).granted.requests).toBe(4);
});

it('workers share the requests at once', () => {
  const { ask } = budget();
  ask('a', 0, { report: told(60) });
  expect(ask('a', 1).atOnce).toBe(10);
  expect(ask('b', 1).atOnce).toBe(5);
});

it('a budget is forgotten when nothing is granted, and a new one would learn the same', () => {
  const { ask, wait, isIdle: forgotten } = budget();
  expect(forgotten()).toBe(true);
  ask('a', 1, { report: told(10) });
  expect(forgotten()).toBe(false);
  ask('a', 0);
  expect(forgotten()).toBe(false);
  wait(2 * minute);
  expect(forgotten()).toBe(true);
});

it.each([
  ['nothing', undefined],
  ['no numbers', { worker: 'a', pace: defaultPace, held: {}, report: nothing }],
  [
    'less than nothing',
    { worker: 'a', pace: defaultPace, held: { requests: -1, changes: 0 }, report: nothing },
  ],
  ['a long name', { worker: 'a'.repeat(101), pace: defaultPace, held: noPermits, report: nothing }],
])('%s is not taken for an ask', (_, ask) => {
  expect(faultOfAsk(ask as never)).toBeDefined();
});
