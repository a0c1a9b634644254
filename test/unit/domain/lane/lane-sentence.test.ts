import { laneSentence } from '../../../../src/domain/lane/lane-sentence';
import { emptyLane, type LaneState, type LaneTask } from '../../../../src/domain/lane/lane-state';
import { outcomeOf } from '../../../../src/domain/lane/lane-outcome';
import { type PromotionEnd } from '../../../../src/domain/promotion/promotion';
import { noon, pipelineRef, promotionTask } from '../../../support/events';

const task = (version: string, overrides: Partial<LaneTask> = {}): LaneTask => ({
  ...promotionTask(1, { version, to: 'prod' }),
  start: 'new',
  ...overrides,
});
const said = (state: Partial<LaneState>): string =>
  laneSentence({ ...emptyLane(pipelineRef, 'prod'), ...state });
const proposal = { url: 'https://git.example/pull/12', number: 12, at: noon };
const waits = 'prod waits for 1.5.0: 1 of 2 approvals, window opens Mon 09:00 CET';
const withdrawal = task('1.5.0', { action: 'withdraw' });
const end = (of: PromotionEnd, { version = '1.5.0', ...overrides }: Partial<LaneTask> = {}) =>
  outcomeOf(task(version, overrides), of, noon);
const failed = { state: 'failed', code: 'no-marker', message: 'No marker.' } as const;
const at = '2026-11-23 12:00 UTC';

it.each<[what: string, state: Partial<LaneState>, sentence: string]>([
  ['waits at gates', { inHand: task('1.5.0'), waits }, waits],
  ['waits at gates with its pull request open', { inHand: task('1.5.0'), waits, proposal }, waits],
  ['is in progress', { inHand: task('1.5.0') }, 'prod waits for 1.5.0: in progress'],
  ['is about to start', { waiting: task('1.5.0') }, 'prod waits for 1.5.0: it starts now'],

  ['is withdrawn', { inHand: withdrawal }, 'prod waits for the withdrawal of 1.5.0: in progress'],
  [
    'is proposed',
    { inHand: task('1.5.0'), proposal },
    `prod waits for the merge of 1.5.0: pull request #12 is open since ${at}`,
  ],
  [
    'supersedes another one',
    { inHand: task('1.4.0'), waiting: task('1.5.0'), waits: 'prod waits for 1.4.0: frozen' },
    'prod waits for 1.5.0: 1.4.0 stops first',
  ],
  [
    'failed',
    { lastFailed: task('1.5.0'), outcomes: [end({ state: 'superseded', by: '1.6.0' }), end(failed)] },
    'prod did not get 1.5.0: no-marker; run it again with windlass retry',
  ],
  [
    'was cancelled',
    { lastFailed: task('1.5.0'), outcomes: [end({ state: 'cancelled' })] },
    'prod did not get 1.5.0: cancelled by an operator; run it again with windlass retry',
  ],
  [
    'failed to be withdrawn',
    { lastFailed: withdrawal, outcomes: [end(failed, { action: 'withdraw' })] },
    '1.5.0 was not withdrawn from prod: no-marker; run it again with windlass retry',
  ],
  [
    'failed so long ago that the lane forgot why',
    { lastFailed: task('1.5.0') },
    'prod did not get 1.5.0: it failed; run it again with windlass retry',
  ],
  [
    'is merged and not reported yet',
    { settling: { task: task('1.5.0'), stage: 'merged', at: noon } },
    `prod waits for its report of 1.5.0, merged at ${at}`,
  ],
  [
    'is merged and not reported yet, and another one is behind it',
    { settling: { task: task('1.4.0'), stage: 'notified', at: noon }, inHand: task('1.5.0'), waits },
    `${waits}; prod has not reported 1.4.0, notified at ${at}`,
  ],
  [
    'has others in the queue',
    {
      inHand: task('1.5.0'),
      waits,
      queue: ['1.6.0', '1.7.0', '1.8.0', '1.9.0', '2.0.0'].map((version) => task(version)),
    },
    `${waits}; in the queue: 1.6.0, 1.7.0, 1.8.0 and 2 more`,
  ],
  [
    'is held',
    {
      held: [{ version: '1.5.0', because: 'closed', at: noon }],
      outcomes: [end({ state: 'closed', url: proposal.url, number: 12, by: 'bob' })],
    },
    `prod: nothing waits, the last one was 1.5.0: closed by bob at ${at}; held: 1.5.0`,
  ],
  ['never was', {}, 'prod: nothing waits'],
])('one sentence for a lane whose version %s', (_, state, sentence) => {
  expect(said(state)).toBe(sentence);
});

it.each<[PromotionEnd, string]>([
  [{ state: 'deployed', deployedAt: noon }, 'deployed'],
  [{ state: 'deployed', deployedAt: noon, by: 'bob' }, 'deployed, merged by bob,'],
  [{ state: 'unchanged' }, 'in Git before'],
  [{ state: 'superseded', by: '1.6.0' }, 'superseded by 1.6.0'],
  [{ state: 'rejected', by: 'bob' }, 'rejected by bob'],
  [{ state: 'rolled-back', to: '1.4.0' }, 'rolled back to 1.4.0'],
  [{ state: 'ignored', reason: 'The hop is gone.' }, 'no longer promoted'],
  [{ state: 'expired', afterMs: 1000 }, 'expired'],
  [{ state: 'withdrawn' }, 'withdrawn'],
])('says how the last one ended: %j', (last, words) => {
  expect(said({ outcomes: [end(last)] })).toBe(
    `prod: nothing waits, the last one was 1.5.0: ${words} at ${at}`,
  );
});

it('of the longest names, it stays short enough for one line of a log', () => {
  const version = `1.0.0-${'x'.repeat(120)}`;
  const many = Array.from({ length: 20 }, () => task(version));
  const held = many.map((each) => ({ version: each.version, because: 'closed', at: noon }) as const);
  expect(said({ inHand: task(version), queue: many, held }).length).toBeLessThan(1_500);
});
