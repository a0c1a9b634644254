import { emptyLane } from '../../../src/domain/lane/lane-state';
import { type LaneOutcome, outcomeOf } from '../../../src/domain/lane/lane-outcome';
import { type PromotionTask } from '../../../src/domain/promotion/promotion';
import { describeLane, describeTask, summarize } from '../../../src/workflows/descriptions';
import { deployment, noon, pipelineRef } from '../../support/events';

const task: PromotionTask = {
  action: 'promote',
  pipeline: pipelineRef,
  from: 'dev',
  to: 'staging',
  version: '1.4.0',
  event: deployment({ version: '1.4.0' }),
};

it('sums a promotion up in one line', () => {
  expect(summarize(task)).toBe('apps/shop: 1.4.0 from dev to staging');
  expect(summarize({ ...task, action: 'withdraw' })).toBe('apps/shop: withdraw 1.4.0 from staging');
});

it('says what was reported, and when, as people read times', () => {
  expect(describeTask(task)).toBe('dev/shop in **dev** runs **1.4.0** since 2026-11-23 12:00 UTC.');
});

describe('a lane', () => {
  const lines = (outcome: Pick<LaneOutcome, 'state'> & Partial<LaneOutcome>): string[] =>
    describeLane({
      ...emptyLane(pipelineRef, 'staging'),
      outcomes: [{ ...outcome, version: '1.4.0', endedAt: noon }],
    }).split('\n');

  it.each([
    [
      { state: 'pull-request', detail: 'https://git.example/7' },
      'Pull request [https://git.example/7](https://git.example/7) brings staging to **1.4.0**.',
    ],
    [{ state: 'unchanged' }, 'staging already has **1.4.0** in Git.'],
    [{ state: 'superseded', detail: 'by 1.5.0' }, '1.4.0 into staging was superseded by 1.5.0.'],
    [{ state: 'withdrawn' }, 'staging has no open pull request for 1.4.0 to withdraw.'],
    [
      { state: 'withdrawn', detail: 'https://git.example/7' },
      'Closed [the pull request](https://git.example/7) for 1.4.0: the environment before it no longer runs it.',
    ],
    [
      { state: 'failed', detail: 'No marker. Add it.' },
      '**1.4.0 was not promoted into staging**: `No marker. Add it.`',
    ],
  ] as const)('tells of a promotion that ended, kept by an earlier version as %j', (outcome, words) => {
    expect(lines(outcome)).toContain(`- 2026-11-23 12:00 UTC: ${words}`);
  });

  it.each([
    [{ state: 'cancelled' }, 'An operator cancelled the withdrawal of 1.4.0 from staging.'],
    [
      { state: 'withdrawn', url: 'https://git.example/7' },
      'Closed [the pull request](https://git.example/7) for 1.4.0: dev no longer runs it.',
    ],
  ] as const)('tells of a withdrawal that ended as %j', (end, words) => {
    const withdrawal = { ...task, action: 'withdraw' } as const;
    expect(lines(outcomeOf(withdrawal, end, noon))).toContain(`- 2026-11-23 12:00 UTC: ${words}`);
  });

  it('says how to run a failed promotion again', () => {
    const details = describeLane({
      ...emptyLane(pipelineRef, 'staging'),
      lastFailed: { ...task, start: 'again' },
    });
    expect(details).toContain('- Failed: 1.4.0. Run it again with `windlass retry`.');
  });
});
