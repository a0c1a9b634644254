import fc from 'fast-check';
import { type EnvironmentFact } from '../../../../src/domain/environment-fact';
import { takeNext, transition } from '../../../../src/domain/lane/lane';
import { type LaneInput } from '../../../../src/domain/lane/lane-input';
import { emptyLane, type LaneState, type LaneTask } from '../../../../src/domain/lane/lane-state';
import { type PromotionEnd } from '../../../../src/domain/promotion/promotion';
import { testsOf } from '../../../../src/domain/lane/source-tests';
import { keyOf, type PromotionNews } from '../../../../src/domain/promotion/promotion-news';
import { alice, keyNumber } from '../../../support/acting-lane';
import { deployment, noon, pipelineRef } from '../../../support/events';

const url = 'https://git.example/pull/7';
const pullRequest = { url, number: 7 };

/** A lane as its workflow drives it, with every message that it sends. */
function openLane() {
  let state: LaneState = emptyLane(pipelineRef, 'staging');
  const started: LaneTask[] = [];
  const told: string[] = [];
  const wentBack: string[] = [];
  const put = (input: LaneInput): void => {
    const step = transition(state, input);
    if (step.laterRollback !== undefined) {
      const { task, end } = step.laterRollback;
      wentBack.push(`${task.version} to ${end.to}, ${end.url ?? 'no pull request'}`);
    }
    for (const { task, news } of step.tell ?? []) told.push(`${task.version} ${news.type}`);
    const next = takeNext(step.state);
    state = next.state;
    if (next.task !== undefined) started.push(next.task);
  };
  const news = (task: LaneTask | undefined, about: PromotionNews): void => {
    if (task !== undefined) put({ type: 'news', of: keyOf(task), news: about });
  };
  const ended = (task: LaneTask | undefined, end: PromotionEnd): void =>
    news(task, { stage: 'ended', end, at: noon });
  return {
    get state() {
      return state;
    },
    started,
    told,
    wentBack,
    put,
    report: (version: string, release: number): void =>
      put({ type: 'event', event: deployment({ version, release, at: noon + release * 1000 }) }),
    fact: (version: string, overrides: Partial<EnvironmentFact> = {}): void => {
      const at = overrides.at ?? noon;
      const identity = JSON.stringify([version, overrides.kind, overrides.reporter, at]);
      const object = 'staging/shop';
      const fact = {
        kind: 'deployed',
        identity,
        version,
        reporter: 'uid-s',
        at,
        object,
        targets: 1,
      } as const;
      put({ type: 'fact', fact: { ...fact, ...overrides } });
    },
    proposed: (): void => news(state.inHand, { stage: 'proposed', ...pullRequest, at: noon }),
    merged: (): void => news(state.inHand, { stage: 'merged', at: noon }),
    ended,
  };
}

describe('a merge', () => {
  it('frees the lane for what waits, and lets the merged one settle', () => {
    const lane = openLane();
    lane.report('1.1.0', 1);
    lane.proposed();
    lane.merged();
    lane.report('1.2.0', 2);
    expect([lane.state.settling?.task.version, lane.state.inHand?.version]).toEqual(['1.1.0', '1.2.0']);
    expect(lane.state.proposal).toBeUndefined();
  });

  it('of what the environment runs already tells the promotion so', () => {
    const lane = openLane();
    lane.report('1.1.0', 1);
    lane.proposed();
    lane.fact('1.1.0');
    lane.merged();
    expect(lane.told).toEqual(['1.1.0 deployed', '1.1.0 deployed']);
  });

  it('releases older versions that are held, and keeps newer ones', () => {
    const lane = openLane();
    for (const [version, release] of [
      ['1.1.0', 1],
      ['3.0.0', 2],
    ] as const) {
      lane.report(version, release);
      lane.ended(lane.state.inHand, { state: 'closed', ...pullRequest });
    }
    lane.report('2.0.0', 3);
    // A lower version than the newest is a rollback of its own target: promoted.
    lane.proposed();
    lane.merged();
    expect(lane.state.held?.map(({ version }) => version)).toEqual(['3.0.0']);
  });
});

describe('a version that was decided against', () => {
  const closedLane = () => {
    const lane = openLane();
    lane.report('1.1.0', 1);
    lane.proposed();
    lane.ended(lane.state.inHand, { state: 'closed', ...pullRequest, by: 'bob' });
    return lane;
  };

  it('is held, with who did it and where', () => {
    expect(closedLane().state.held).toMatchObject([{ version: '1.1.0', because: 'closed', url, by: 'bob' }]);
  });

  it('is not promoted again by a change of values', () => {
    const lane = closedLane();
    lane.report('1.1.0', 2);
    expect(lane.started).toHaveLength(1);
    expect(lane.state.dropped?.[0]?.reason).toBe('held');
  });

  it('is withdrawn, not promoted, where the source was rolled back from it before it was closed', () => {
    const lane = openLane();
    lane.report('1.0.0', 1);
    lane.put({ type: 'not-onward', to: { version: '1.2.0', at: noon } });
    lane.report('1.2.0', 1);
    lane.ended(lane.state.inHand, { state: 'closed', ...pullRequest });
    expect(lane.state.held?.map(({ version }) => version)).toEqual(['1.0.0']);
    expect(lane.started.map(({ action, version }) => `${action} ${version}`)).toEqual([
      'promote 1.0.0',
      'withdraw 1.0.0',
    ]);
    lane.ended(lane.state.inHand, { state: 'withdrawn' });
    expect(lane.state.held).toMatchObject([{ version: '1.0.0', because: 'closed', url }]);
    lane.report('1.0.0', 2);
    expect(lane.started).toHaveLength(2);
  });

  it('is promoted when someone asks for it, once', () => {
    const lane = closedLane();
    lane.put({ type: 'promote', version: '1.1.0' });
    lane.put({ type: 'promote', version: '1.1.0' });
    expect(lane.started.map(({ version, start }) => `${version} ${start}`)).toEqual([
      '1.1.0 new',
      '1.1.0 again',
    ]);
  });
});

describe('the environment', () => {
  it('runs the version only when as many targets report it as there are', () => {
    const lane = openLane();
    lane.report('1.1.0', 1);
    lane.merged();
    lane.fact('1.1.0', { targets: 2 });
    expect(lane.told).toEqual([]);
    lane.fact('v1.1.0', { targets: 2, reporter: 'uid-t' });
    expect(lane.told).toEqual(['1.1.0 deployed']);
  });

  it('that goes back to an older version holds the newer one', () => {
    const lane = openLane();
    lane.fact('1.2.0', { at: noon });
    lane.fact('1.1.0', { at: noon + 1 });
    expect(lane.state.held).toMatchObject([{ version: '1.2.0', because: 'rolled-back' }]);
  });

  it('that goes back because people merged a downgrade holds nothing', () => {
    const lane = openLane();
    lane.report('1.2.0', 1);
    lane.merged();
    lane.fact('1.2.0', { at: noon });
    lane.ended(lane.state.settling?.task, { state: 'deployed' });
    lane.report('1.1.0', 2);
    lane.proposed();
    lane.merged();
    lane.fact('1.1.0', { at: noon + 1 });
    lane.ended(lane.state.settling?.task, { state: 'deployed' });
    lane.fact('1.1.0', { at: noon + 2 });
    expect(lane.state.held ?? []).toEqual([]);
    expect(lane.told).toEqual(['1.2.0 deployed', '1.1.0 deployed']);
  });

  it('that Helm rolled back before the merge was heard of holds the merged version', () => {
    const lane = openLane();
    lane.fact('1.0.0', { at: noon - 2 });
    lane.report('1.1.0', 1);
    lane.proposed();
    lane.fact('1.0.0', { kind: 'rolled-back', at: noon + 1 });
    expect(lane.state.held).toBeUndefined();
    lane.merged();
    expect(lane.told).toEqual(['1.1.0 rolled-back']);
    expect(lane.state.held?.[0]?.version).toBe('1.1.0');
  });

  it('that was rolled back before the merge holds nothing', () => {
    const lane = openLane();
    lane.report('1.1.0', 1);
    lane.proposed();
    lane.fact('1.0.0', { kind: 'rolled-back', at: noon - 1 });
    lane.merged();
    expect(lane.told).toEqual([]);
    expect(lane.state.held).toBeUndefined();
  });

  it('is not believed when it reports late', () => {
    const lane = openLane();
    lane.fact('1.2.0', { at: noon + 1 });
    lane.fact('1.1.0', { at: noon });
    expect(lane.state.running?.map(({ version }) => version)).toEqual(['1.2.0']);
    expect(lane.state.held).toBeUndefined();
  });

  it('holds what Helm rolled back before it could be reported', () => {
    const lane = openLane();
    lane.fact('1.0.0', { at: noon });
    lane.report('1.1.0', 1);
    lane.merged();
    lane.fact('1.0.0', { kind: 'rolled-back', at: noon + 1 });
    expect(lane.told).toEqual(['1.1.0 rolled-back']);
    expect(lane.state.held?.[0]?.version).toBe('1.1.0');
  });
});

describe('an environment that goes back after it ran what was promoted', () => {
  const deployedLane = () => {
    const lane = openLane();
    lane.fact('1.0.0', { at: noon });
    lane.report('1.1.0', 1);
    lane.proposed();
    lane.merged();
    lane.fact('1.1.0', { at: noon + 1 });
    return lane;
  };
  const endedAsDeployed = (lane: ReturnType<typeof openLane>): void =>
    lane.ended(lane.state.settling?.task, { state: 'deployed', ...pullRequest, mergedAt: noon });

  it.each(['deployed', 'rolled-back'] as const)(
    'is what its Pipeline shows, and holds the version (%s)',
    (kind) => {
      const lane = deployedLane();
      endedAsDeployed(lane);
      lane.fact('1.0.0', { kind, at: noon + 2 });
      expect(lane.wentBack).toEqual([`1.1.0 to 1.0.0, ${url}`]);
      expect(lane.state.held).toMatchObject([{ version: '1.1.0', because: 'rolled-back' }]);
      expect(lane.state.outcomes[0]).toMatchObject({
        state: 'rolled-back',
        to: '1.0.0',
        times: { mergedAt: noon },
      });
    },
  );

  it('gets that version when someone asks for it', () => {
    const lane = deployedLane();
    endedAsDeployed(lane);
    lane.fact('1.0.0', { at: noon + 2 });
    lane.put({ type: 'promote', version: '1.1.0' });
    expect(lane.started.map(({ version }) => version)).toEqual(['1.1.0', '1.1.0']);
  });

  it('does so too while the promotion ends', () => {
    const lane = deployedLane();
    lane.fact('1.0.0', { kind: 'rolled-back', at: noon + 2 });
    endedAsDeployed(lane);
    expect(lane.wentBack).toEqual([`1.1.0 to 1.0.0, ${url}`]);
  });

  it('holds what the source reports, with or without its leading v', () => {
    const lane = openLane();
    lane.report('v1.1.0', 1);
    lane.merged();
    lane.fact('1.1.0', { at: noon + 1 });
    lane.ended(lane.state.settling?.task, { state: 'deployed' });
    lane.fact('1.0.0', { at: noon + 2 });
    expect(lane.state.held?.map(({ version }) => version)).toEqual(['v1.1.0']);
    lane.report('v1.1.0', 2);
    expect(lane.started).toHaveLength(1);
  });

  it('says nothing of what a later merge took the place of', () => {
    const lane = deployedLane();
    endedAsDeployed(lane);
    lane.report('1.2.0', 2);
    lane.merged();
    lane.fact('1.0.0', { at: noon + 2 });
    expect(lane.wentBack).toEqual([]);
  });

  it('says so once', () => {
    const lane = deployedLane();
    endedAsDeployed(lane);
    lane.fact('1.0.0', { at: noon + 2 });
    lane.fact('0.9.0', { at: noon + 3 });
    expect(lane.wentBack).toHaveLength(1);
  });
});

describe('Helm tests in the source environment', () => {
  const testFact = (kind: 'tests-passed' | 'tests-failed', overrides: Partial<EnvironmentFact> = {}) =>
    ({ kind, environment: 'dev', reporter: 'uid-a', ...overrides }) as const;

  it('are told to the promotion of that version, and to no other', () => {
    const lane = openLane();
    lane.report('1.1.0', 1);
    lane.fact('1.1.0', testFact('tests-passed'));
    lane.fact('1.0.0', testFact('tests-failed'));
    expect(lane.told).toEqual(['1.1.0 tests']);
    expect(testsOf(lane.state, '1.1.0')).toBe('passed');
  });

  it('count for the version before its promotion starts', () => {
    const lane = openLane();
    lane.fact('1.1.0', testFact('tests-failed'));
    lane.report('1.1.0', 1);
    expect(testsOf(lane.state, '1.1.0')).toBe('failed');
  });

  it('must have passed in each target that reported, the last time', () => {
    const lane = openLane();
    lane.fact('1.1.0', testFact('tests-failed', { at: noon }));
    lane.fact('1.1.0', testFact('tests-passed', { reporter: 'uid-b' }));
    expect(testsOf(lane.state, '1.1.0')).toBe('failed');
    lane.fact('1.1.0', testFact('tests-passed', { at: noon + 1 }));
    expect(testsOf(lane.state, '1.1.0')).toBe('passed');
  });

  it('in the environment promoted into do not count', () => {
    const lane = openLane();
    lane.fact('1.1.0', testFact('tests-failed', { environment: 'staging' }));
    expect(testsOf(lane.state, '1.1.0')).toBeUndefined();
  });
});

it('whatever comes in whatever order: one acts, one settles, and nothing held is promoted without a request', () => {
  const version = fc.constantFrom('1.0.0', '1.1.0', '1.2.0');
  const step = fc.oneof(
    fc.record({ do: fc.constant('report' as const), version, release: fc.integer({ min: 1, max: 30 }) }),
    fc.record({
      do: fc.constant('fact' as const),
      version,
      kind: fc.constantFrom('deployed' as const, 'rolled-back' as const),
      at: fc.integer({ min: noon, max: noon + 20 }),
    }),
    fc.record({ do: fc.constant('request' as const), version }),
    fc.record({
      do: fc.constant('act' as const),
      kind: fc.constantFrom('promote' as const, 'rollback' as const),
      version,
    }),
    fc.record({ do: fc.constant('onward' as const), version }),
    fc.record({
      do: fc.constantFrom('proposed' as const, 'merged' as const, 'closed' as const, 'settled' as const),
    }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const lane = openLane();
      let acts = 0;
      for (const each of steps) {
        const before = lane.started.length;
        const wasRollback = lane.state.inHand?.request?.kind === 'rollback' ? lane.state.inHand : undefined;
        const settlingBefore = lane.state.settling?.task;
        if (each.do === 'report') lane.report(each.version, each.release);
        if (each.do === 'fact') lane.fact(each.version, { kind: each.kind, at: each.at });
        if (each.do === 'request') lane.put({ type: 'promote', version: each.version });
        if (each.do === 'act') {
          acts += 1;
          const asked = {
            kind: each.kind,
            version: each.version,
            key: keyNumber(acts),
            source: 'dev',
          } as const;
          lane.put({ type: 'act', act: { ...asked, actor: alice, at: noon + acts } });
        }
        if (each.do === 'onward') lane.put({ type: 'not-onward', to: { version: each.version, at: noon } });
        if (each.do === 'proposed') lane.proposed();
        if (each.do === 'merged') lane.merged();
        if (each.do === 'closed') lane.ended(lane.state.inHand, { state: 'closed', ...pullRequest });
        if (each.do === 'settled') lane.ended(settlingBefore, { state: 'deployed' });
        const started = lane.started.slice(before);
        const asked = each.do === 'request' || each.do === 'act' ? each.version : undefined;
        // Only people and its own end take a rollback's turn away.
        const reported = each.do === 'report' || each.do === 'fact' || each.do === 'onward';
        expect(wasRollback === undefined || !reported || lane.state.inHand === wasRollback).toBe(true);
        const nowHeld = (lane.state.held ?? []).map((one) => one.version);
        const promoted = started.filter(({ action }) => action === 'promote').map((task) => task.version);
        expect(promoted.filter((one) => nowHeld.includes(one) && one !== asked)).toEqual([]);
        expect(started.length).toBeLessThanOrEqual(1);
        const { inHand, settling, proposal, outcomes, held: kept = [] } = lane.state;
        expect(proposal === undefined || inHand !== undefined).toBe(true);
        expect(inHand === undefined || settling === undefined || inHand !== settling.task).toBe(true);
        expect(outcomes.length).toBeLessThanOrEqual(10);
        expect(kept.length).toBeLessThanOrEqual(20);
      }
    }),
  );
});
