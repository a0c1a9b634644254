import { answerAsk, isIdle } from '../../../../src/domain/budget/budget';
import { type BudgetState, emptyBudget } from '../../../../src/domain/budget/budget-state';
import {
  type BudgetAnswer,
  type BudgetAsk,
  type BudgetReport,
  faultOfAsk,
  type WantedVisit,
} from '../../../../src/domain/budget/budget-message';
import { defaultPace, noPermits, type Pace, sumOf } from '../../../../src/domain/budget/pace';
import { noon } from '../../../support/events';

const second = 1_000;
const minute = 60 * second;
const nothing: BudgetReport = { spent: noPermits, uncounted: 0 };
const visit = { requests: 6, changes: 2 };

/** @param name theirs begin with it */
const visitsOf = (count: number, name: string): readonly WantedVisit[] =>
  Array.from({ length: count }, (_, index) => ({ ...visit, id: `${name}-${index}` }));

/** A budget, and the clock of its workflow. */
function budget(pace: Pace = defaultPace) {
  let state: BudgetState = emptyBudget;
  let now = noon;
  let begun = 0;
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
        ...(visits === 0 ? {} : { wanted: visitsOf(visits, `v${(begun += 1)}`) }),
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

const github: Pace = {
  atOnce: 10,
  limits: [
    { most: 900, perMs: minute, read: 1, change: 5 },
    { most: 80, perMs: minute, read: 0, change: 1 },
    { most: 500, perMs: 60 * minute, read: 0, change: 1 },
  ],
};

const told = (remaining: number, { limit = 60, resetInMs = minute } = {}): Partial<BudgetReport> => ({
  figures: { limit, remaining, resetInMs },
  figuresAgeMs: 10,
});

it('one request asks the service first, and another worker waits for what its answer says', () => {
  const { ask } = budget();
  expect(ask('a', 3)).toMatchObject({ isProbe: true, granted: { requests: 1, changes: 1 } });
  expect(ask('b', 3)).toMatchObject({ granted: noPermits, turns: [second, second, second] });
  expect(ask('a', 2, { report: { spent: { requests: 1, changes: 0 }, ...told(59) } }).granted.requests).toBe(
    12,
  );
});

it('a service that tells no figures is only held to the bound on requests at once', () => {
  const { ask } = budget();
  ask('a', 1);
  const answer = ask('a', 20, { report: { spent: { requests: 1, changes: 0 }, silent: true } });
  expect(answer.granted.requests).toBeGreaterThanOrEqual(120);
  expect(new Set(answer.turns)).toEqual(new Set([0]));
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
  expect(ask('c', 1)).toMatchObject({ granted: noPermits, turns: [second] });
  ask('a', 0, { report: { spent: { requests: 2, changes: 1 }, ...told(13) } });
  expect(ask('c', 1).granted.requests).toBe(0);
  ask('b', 0);
  expect(ask('c', 1).granted.requests).toBe(6);
});

it('visits that find nothing come again after the reset, each at a time of its own', () => {
  const { ask } = budget();
  ask('a', 0, { report: told(5, { resetInMs: 30 * second }) });
  const turns = [...ask('a', 4).turns, ...ask('b', 4).turns];
  expect(turns[0]).toBe(30 * second);
  for (const [index, turn] of turns.slice(1).entries()) {
    expect(turn).toBeGreaterThanOrEqual(turns[index] ?? Infinity);
  }
  expect(turns[7]).toBeGreaterThan(40 * second);
});

it('a visit that found nothing keeps its turn against newer ones, from whichever worker it returns', () => {
  const { ask, wait } = budget();
  ask('a', 0, { report: told(2, { resetInMs: 10 * second }) });
  const line = visitsOf(9, 'early');
  ask('a', 0, { wanted: line });
  wait(11 * second);
  expect(ask('b', 3, { report: told(40) }).granted).toEqual(noPermits);
  const granted = ask('c', 0, { wanted: line }).turns.filter((turn) => turn === 0);
  expect(granted).toHaveLength(6);
});

it('a turn that is not taken holds up the others for a while only', () => {
  const { ask, wait } = budget();
  ask('a', 0, { report: told(2, { resetInMs: 10 * second }) });
  ask('a', 0, { wanted: visitsOf(40, 'lost') });
  wait(10 * second);
  expect(ask('b', 1, { report: told(57, { resetInMs: 10 * minute }) }).granted).toEqual(noPermits);
  wait(5 * minute);
  expect(ask('b', 0, { wanted: visitsOf(1, 'newer') }).granted).toEqual(visit);
});

it('a visit that has begun comes before all others', () => {
  const { ask, wait } = budget();
  ask('a', 0, { report: told(2, { resetInMs: 10 * second }) });
  ask('a', 0, { wanted: visitsOf(40, 'early') });
  wait(10 * second);
  const begun = visitsOf(1, 'begun').map((each) => ({ ...each, begun: true as const }));
  expect(ask('b', 0, { wanted: begun }).granted).toEqual(visit);
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
  expect(ask('b', 1)).toMatchObject({ granted: noPermits, stopMs: 20 * second, turns: [20 * second] });
  wait(20 * second);
  expect(ask('b', 1)).not.toHaveProperty('stopMs');
});

it('whatever a client reports, nothing is stopped for more than a day', () => {
  const { ask, wait, isIdle: forgotten } = budget();
  ask('a', 0, { report: { ...told(1, { resetInMs: 1e14 }), stopMs: 1e14 } });
  const wanted = visitsOf(1, 'stopped');
  expect(ask('b', 0, { wanted }).turns).toEqual([24 * 60 * minute]);
  wait(24 * 60 * minute);
  expect(ask('b', 0, { wanted }).granted).toEqual(visit);
  ask('b', 0);
  wait(60 * minute);
  expect(forgotten()).toBe(true);
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

const lost = (count: number): readonly string[] => Array.from({ length: count }, (_, nth) => `lost-${nth}`);

it('workers that vanish do not use up what a service without figures allows', () => {
  const { ask, wait } = budget(github);
  ask('a', 1);
  ask('a', 0, { report: { spent: { requests: 1, changes: 0 }, silent: true } });
  for (const worker of lost(50)) {
    ask(worker, 1);
    wait(minute);
  }
  wait(61 * minute);
  expect(ask('a', 1).granted.requests).toBeGreaterThanOrEqual(visit.requests);
});

it('workers that vanish use up the limits that no header tells only for their time', () => {
  const { ask, wait } = budget(github);
  ask('a', 0, { report: told(5_000, { limit: 5_000, resetInMs: 60 * minute }) });
  for (const worker of lost(30)) {
    ask(worker, 1);
    wait(30 * second);
  }
  wait(2 * minute);
  expect(ask('a', 1).granted.requests).toBeGreaterThanOrEqual(visit.requests);
});

it('a worker that vanishes before the first answer leaves the question to another', () => {
  const { ask, wait } = budget();
  expect(ask('lost', 1).isProbe).toBe(true);
  wait(minute);
  expect(ask('a', 1).isProbe).toBe(true);
});

it('what is reported again and again is forgotten when the time of its limit is over', () => {
  const { ask, wait } = budget(github);
  ask('a', 0, { report: { spent: { requests: 1, changes: 0 }, silent: true } });
  let spent = noPermits;
  const changes: readonly [number[], number[]] = [[], []];
  for (let ms = 0; ms < 120 * minute; ms += 1.5 * second) {
    const answer = ask('a', 0, { wanted: visitsOf(1, 'steady'), report: { spent } });
    // What it was granted, and a read of another visit.
    spent = sumOf([answer.granted, { requests: 1, changes: 0 }]);
    changes[ms < 60 * minute ? 0 : 1].push(answer.granted.changes);
    wait(1.5 * second);
  }
  for (const each of changes) {
    const sum = each.reduce((all, one) => all + one, 0);
    expect(sum).toBeGreaterThan(450);
    expect(sum).toBeLessThanOrEqual(500);
  }
});

it('limits that no header tells are kept as well', () => {
  const changes = { most: 80, perMs: minute, read: 0, change: 1 };
  const { ask, wait } = budget({ atOnce: 10, limits: [changes] });
  ask('a', 0, { report: told(5_000, { limit: 5_000, resetInMs: 60 * minute }) });
  const line = visitsOf(100, 'early');
  const { granted, turns } = ask('a', 0, { wanted: line });
  expect(granted.changes).toBe(80);
  expect(turns.filter((turn) => turn > 0)).toHaveLength(60);
  ask('a', 0, { report: { spent: granted } });
  wait(30 * second);
  const full = ask('b', 1);
  expect(full.granted).toEqual(noPermits);
  expect(full.turns[0]).toBeGreaterThanOrEqual(30 * second);
  wait(31 * second);
  expect(ask('b', 0, { wanted: line.slice(40, 41) }).granted.changes).toBe(2);
});

it.each([1, 2])('a service that allows %d request in a window is asked in each', (limit) => {
  const { ask, wait } = budget();
  ask('a', 0, { report: told(0, { limit }) });
  wait(minute);
  expect(ask('a', 1).granted.requests).toBe(1);
});

it('no window that a client reported outlasts a day', () => {
  const { ask, wait } = budget();
  const of = (remaining: number, mark: number): Partial<BudgetReport> => ({
    figures: { limit: 60, remaining, resetInMs: minute, mark },
    figuresAgeMs: 0,
  });
  ask('a', 0, { report: of(0, 1e14) });
  wait(25 * 60 * minute);
  ask('a', 0, { report: of(3, noon + (25 * 60 + 1) * minute) });
  expect(ask('a', 1).granted).toEqual(noPermits);
});

it('whatever others wait for, a turn is within a day, and those that do not come lose theirs', () => {
  const { ask, wait } = budget();
  ask('a', 0, { report: told(0) });
  for (let n = 0; n < 20; n++) {
    const wanted = visitsOf(100, `false-${n}`).map(({ id }) => ({ id, requests: 1_000, changes: 1_000 }));
    ask('b', 0, { wanted });
  }
  expect(Math.max(...ask('a', 1).turns)).toBeLessThanOrEqual(24 * 60 * minute);
  wait(25 * 60 * minute);
  expect(ask('a', 1).granted).toEqual(visit);
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

const sound: BudgetAsk = { worker: 'a', pace: defaultPace, held: noPermits, report: nothing };
const changesOnly = { most: 80, perMs: minute, read: 0, change: 1 };

it('what a worker asks is taken for an ask, with what a later version adds', () => {
  const report = { ...nothing, ...told(3), silent: true, stopMs: 0 };
  expect(
    faultOfAsk({ ...sound, pace: github, report, wanted: visitsOf(1, 'v'), later: 'more' }),
  ).toBeUndefined();
});

it.each([
  ['nothing', undefined],
  ['no numbers', { worker: 'a', pace: defaultPace, held: {}, report: nothing }],
  [
    'less than nothing',
    { worker: 'a', pace: defaultPace, held: { requests: -1, changes: 0 }, report: nothing },
  ],
  [
    'more visits than it may ask for',
    { worker: 'a', pace: defaultPace, held: noPermits, report: nothing, wanted: visitsOf(101, 'v') },
  ],
  [
    'a visit without a name',
    { worker: 'a', pace: defaultPace, held: noPermits, report: nothing, wanted: [visit] },
  ],
  ['a long name', { ...sound, worker: 'a'.repeat(101) }],
  ['figures without numbers', { ...sound, report: { ...nothing, figures: {} } }],
  ['a limit of none', { ...sound, report: { ...nothing, ...told(0, { limit: 0 }) } }],
  ['a report without what was not counted', { ...sound, report: { spent: noPermits } }],
  ['a stop that is no number', { ...sound, report: { ...nothing, stopMs: null } }],
  ['a time that is none', { ...sound, report: { ...nothing, ...told(1, { resetInMs: NaN }) } }],
  ['no limit where one should be', { ...sound, pace: { atOnce: 10, limits: [null] } }],
  [
    'a limit for longer than it is kept',
    { ...sound, pace: { atOnce: 10, limits: [{ ...changesOnly, perMs: 1e9 }] } },
  ],
  ['no requests at once', { ...sound, pace: { atOnce: 0, limits: [] } }],
  ['a visit that needs nothing', { ...sound, wanted: [{ id: 'v', requests: 0, changes: 0 }] }],
  ['a visit that needs more than any does', { ...sound, wanted: [{ id: 'v', requests: 1e6, changes: 0 }] }],
])('%s is not taken for an ask', (_, ask) => {
  expect(faultOfAsk(ask as never)).toBeDefined();
});
