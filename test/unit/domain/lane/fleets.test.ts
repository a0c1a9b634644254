import { describeRetry } from '../../../../src/domain/lane/describe-retry';
/** What real fleets send to a lane: reinstalled HelmReleases, forged numbers, hashes as versions, late targets. */
import { type DeploymentEvent } from '../../../../src/domain/event';
import { type DropReason } from '../../../../src/domain/lane/dropped-event';
import { emptyLane, type LaneState } from '../../../../src/domain/lane/lane-state';
import { takeNext, transition } from '../../../../src/domain/lane/lane';
import { type LaneRules, currentRules, firstRules } from '../../../../src/domain/lane/lane-rules';
import { type PromotionEnd } from '../../../../src/domain/promotion/promotion';
import { deployment, noon, pipelineRef } from '../../../support/events';

const minute = 60_000;
const opened: PromotionEnd = {
  state: 'pull-request',
  url: 'https://git.example/pull/1',
  number: 1,
  change: 'created',
  previous: '1.0.0',
};

/** Reports events, each when the promotion before it has ended. */
function report(events: readonly DeploymentEvent[], rules: LaneRules = currentRules) {
  let state: LaneState = emptyLane(pipelineRef, 'staging');
  const promoted: string[] = [];
  const dropped: (DropReason | undefined)[] = [];
  for (const event of events) {
    const step = transition(state, { type: 'event', event }, rules);
    dropped.push(step.dropped?.reason);
    const next = takeNext(step.state);
    if (next.task !== undefined) promoted.push(`${next.task.action} ${next.task.version}`);
    state = transition(next.state, { type: 'ended', end: opened, now: noon }, rules).state;
  }
  return { state, promoted, dropped };
}

const upgrade = (version: string, release: number, at: number, reporter = 'uid-a') =>
  deployment({ version, release, at: noon + at * minute, reporter, object: 'shop-dev/shop' });
const install = (version: string, at: number, reporter: string, more: Partial<DeploymentEvent> = {}) =>
  deployment({
    version,
    release: 1,
    install: true,
    at: noon + at * minute,
    reporter,
    object: 'shop-dev/shop',
    soleTarget: true,
    ...more,
  });

describe('a HelmRelease that was deleted and installed again, with another uid', () => {
  const mistake = upgrade('2.0.0', 3, 0);

  it('starts a new order: a lower version is promoted, and so are the ones after it', () => {
    const { promoted } = report([mistake, install('1.18.0', 5, 'uid-b'), upgrade('1.20.0', 2, 10, 'uid-b')]);
    expect(promoted).toEqual(['promote 2.0.0', 'promote 1.18.0', 'promote 1.20.0']);
  });

  it('joins where it runs the same version', () => {
    const { promoted, dropped } = report([mistake, install('2.0.0', 5, 'uid-b')]);
    expect(promoted).toEqual(['promote 2.0.0']);
    expect(dropped.at(-1)).toBe('same-version');
  });

  it('takes nothing back that another target still runs', () => {
    const sibling = deployment({ ...upgrade('2.0.0', 7, 1, 'uid-c'), object: 'shop-dev-2/shop' });
    const { promoted, dropped } = report([mistake, sibling, install('1.18.0', 5, 'uid-b')]);
    expect(promoted).toEqual(['promote 2.0.0']);
    expect(dropped.at(-1)).toBe('older-version');
  });

  it.each([
    ['of several clusters that may have this object', install('1.18.0', 5, 'uid-b', { soleTarget: false })],
    ['of another object', install('1.18.0', 5, 'uid-b', { object: 'shop-dev-2/shop' })],
    ['that came before', install('1.18.0', -5, 'uid-b')],
    ['that was upgraded', upgrade('1.18.0', 2, 5, 'uid-b')],
  ])('replaces nothing where it may be one more target: %s', (_, event) => {
    expect(report([mistake, event]).promoted).toEqual(['promote 2.0.0']);
  });

  it('is one more target to the rules of 0.1, whose histories are replayed', () => {
    expect(report([mistake, install('1.18.0', 5, 'uid-b')], firstRules).promoted).toEqual(['promote 2.0.0']);
  });
});

describe("a release number that Helm can't have given", () => {
  const forged = upgrade('9.9.9', 999_999_999, 1);

  it('blocks nothing: time decides', () => {
    const { promoted } = report([
      upgrade('1.1.0', 2, 0),
      forged,
      upgrade('1.2.0', 3, 2),
      upgrade('1.3.0', 4, 3),
    ]);
    expect(promoted).toEqual(['promote 1.1.0', 'promote 9.9.9', 'promote 1.2.0', 'promote 1.3.0']);
  });

  it('is not confused with one that burned thousands of numbers', () => {
    const { promoted, dropped } = report([
      upgrade('1.1.0', 2, 0),
      upgrade('1.2.0', 5_000, 9),
      upgrade('1.0.9', 4_999, 10),
    ]);
    expect(promoted).toEqual(['promote 1.1.0', 'promote 1.2.0']);
    expect(dropped.at(-1)).toBe('outdated');
  });
});

it('takes commit hashes as versions by time, from each target', () => {
  const { promoted } = report([upgrade('0.0.0-9f3a1b2', 2, 0), upgrade('0.0.0-1a2b3c4', 5, 1, 'uid-b')]);
  expect(promoted).toEqual(['promote 0.0.0-9f3a1b2', 'promote 0.0.0-1a2b3c4']);
});

describe('what is dropped', () => {
  it('has its reason, and is kept for the operator, newest first', () => {
    const first = upgrade('1.2.0', 3, 5);
    const { dropped, state } = report([
      first,
      first,
      upgrade('1.1.0', 2, 6),
      upgrade('1.1.0', 9, 7, 'uid-b'),
      upgrade('1.2.0', 10, 8, 'uid-b'),
      deployment({ ...upgrade('1.0.0', 1, 9, 'uid-c'), kind: 'rolled-back' }),
    ]);
    expect(dropped).toEqual([
      undefined,
      'duplicate',
      'outdated',
      'older-version',
      'same-version',
      'nothing-to-withdraw',
    ]);
    expect(state.dropped?.map(({ version, reason }) => `${version} ${reason}`)).toEqual([
      '1.0.0 nothing-to-withdraw',
      '1.2.0 same-version',
      '1.1.0 older-version',
      '1.1.0 outdated',
      '1.2.0 duplicate',
    ]);
  });

  it('is kept for ten events at most', () => {
    const same = upgrade('1.2.0', 3, 5);
    expect(report(Array.from({ length: 30 }, () => same)).state.dropped).toHaveLength(10);
  });
});

describe('asking for a retry is answered', () => {
  const idle = report([upgrade('1.1.0', 2, 0)]).state;
  const failed = transition(
    takeNext(transition(idle, { type: 'event', event: upgrade('1.5.0', 3, 1) }).state).state,
    { type: 'ended', end: { state: 'failed', code: 'no-marker', message: 'No marker.' }, now: noon },
  ).state;

  it.each([
    ['after a failure', failed, 'Running the promotion of 1.5.0 into staging again.'],
    ['without one', idle, 'Nothing to retry: no promotion into staging has failed last.'],
    [
      'while one is in progress',
      takeNext(transition(failed, { type: 'retry' }).state).state,
      'Nothing to retry: 1.5.0 into staging is in progress.',
    ],
  ])('%s', (_, state, answer) => {
    expect(describeRetry(state)).toBe(answer);
  });
});
