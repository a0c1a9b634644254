import { type LaneOutcome, emptyLane } from '../../../src/domain/lane/lane';
import { type PromotionTask } from '../../../src/domain/promotion/promotion';
import {
  describeFailure,
  describeLane,
  describeTask,
  describeWait,
  summarize,
} from '../../../src/workflows/descriptions';
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

it('counts failed attempts and says when the next one comes and why the last one failed', () => {
  const details = describeWait(task, 'git.example answered 502.', 2, 3, 4_000);
  expect(details).toContain('**2 of 3 attempts failed.** The next one comes in 4 s.');
  expect(details).toContain('git.example answered 502.');
});

it('shows a failure as it stands, whatever it quotes', () => {
  const message = 'No marker # {"$promotion": "a:b:c"}, says `git` ![x](http://tracker).';
  expect(describeFailure(task, message).split('\n')).toContain(`\`\` ${message} \`\``);
});

describe('a lane', () => {
  const lines = (outcome: Omit<LaneOutcome, 'version' | 'endedAt'>): string[] =>
    describeLane({
      ...emptyLane(pipelineRef, 'staging'),
      outcomes: [{ ...outcome, version: '1.4.0', endedAt: noon }],
    }).split('\n');

  it.each([
    [
      { state: 'pull-request', detail: 'https://git.example/7' },
      'has its pull request: https://git.example/7',
    ],
    [{ state: 'unchanged' }, 'was there already'],
    [{ state: 'superseded', detail: 'by 1.5.0' }, 'was superseded by 1.5.0'],
    [{ state: 'withdrawn' }, 'had no pull request to withdraw'],
    [{ state: 'failed', detail: 'No marker. Add it.' }, 'failed: ` No marker. Add it. `'],
  ] as const)('tells of a promotion that ended as %j', (outcome, words) => {
    expect(lines(outcome)).toContain(`- 2026-11-23 12:00 UTC: **1.4.0** ${words}`);
  });

  it('says how to run a failed promotion again', () => {
    const details = describeLane({
      ...emptyLane(pipelineRef, 'staging'),
      lastFailed: { ...task, start: 'again' },
    });
    expect(details).toContain('- Failed: 1.4.0. Send the signal `retry` to run it again.');
  });
});
