import { outcomeOf } from '../../../../src/domain/lane/lane-outcome';
import {
  emptyLane,
  type LaneState,
  type LaneTask,
  type Report,
} from '../../../../src/domain/lane/lane-state';
import { laneView, type LaneView, showsAlike, viewLimitBytes } from '../../../../src/domain/lane/lane-view';
import { utf8Bytes } from '../../../../src/domain/names';
import { type PromotionEnd } from '../../../../src/domain/promotion/promotion';
import { openActingLane } from '../../../support/acting-lane';
import { noon, pipelineRef, promotionTask } from '../../../support/events';

const task = (version: string, overrides: Partial<LaneTask> = {}): LaneTask => ({
  ...promotionTask(1, { version, to: 'prod' }),
  start: 'new',
  ...overrides,
});
const view = (state: Partial<LaneState>): LaneView =>
  laneView({ ...emptyLane(pipelineRef, 'prod'), ...state }, noon + 5);
const ended = (version: string, end: PromotionEnd) => outcomeOf(task(version), end, noon);
const report = (version: string, reporter: string, overrides: Partial<Report> = {}): Report => ({
  version,
  reporter,
  at: noon,
  object: `prod/${reporter}`,
  ...overrides,
});
const failed = { state: 'failed', code: 'no-marker', message: 'No marker.' } as const;
const proposal = { url: 'https://git.example/pull/12', number: 12, at: noon };

it('of a lane that promoted nothing says just that', () => {
  expect(view({})).toEqual({
    schema: 1,
    pipeline: pipelineRef,
    environment: 'prod',
    sentence: 'prod: nothing waits',
    changedAt: noon + 5,
  });
});

it('says what acts, since when, and what it waits for', () => {
  const inHand = task('1.5.0');
  const state = { inHand, waits: 'prod waits for 1.5.0: frozen', shown: 'frozen', proposal } as const;
  expect(view(state)).toMatchObject({
    sentence: 'prod waits for 1.5.0: frozen',
    acting: {
      version: '1.5.0',
      action: 'promote',
      identity: inHand.event.identity,
      from: 'dev',
      since: noon,
      state: 'frozen',
      waits: 'prod waits for 1.5.0: frozen',
      proposal,
    },
  });
});

it('says whose approval it needs, as long as it waits for one', () => {
  const lane = openActingLane();
  lane.report('1.5.0');
  const approval = { excluded: ['oidc:alice'] };
  lane.waits({
    sentence: 'staging waits for 1.5.0: 1 of 2 approvals',
    state: 'waiting-for-approval',
    approval,
  });
  const needed = laneView(lane.state, noon).acting?.approval;
  lane.waits({ state: 'promoting' });
  expect([needed, laneView(lane.state, noon).acting?.approval]).toEqual([approval, undefined]);
});

it('names what waits in the order in which it goes on, with what supersedes the acting one first', () => {
  const queue = [task('1.7.0'), task('1.8.0')];
  expect(view({ inHand: task('1.5.0'), waiting: task('1.6.0'), queue }).queued).toEqual([
    '1.6.0',
    '1.7.0',
    '1.8.0',
  ]);
});

it('takes what is about to start for what acts', () => {
  const { acting, queued } = view({ waiting: task('1.6.0') });
  expect([acting?.version, queued]).toEqual(['1.6.0', undefined]);
});

it('says what settles and what is held, without the tasks behind them', () => {
  const settling = { task: task('1.4.0'), stage: 'merged', at: noon } as const;
  const held = [{ version: '1.3.0', because: 'closed', by: 'bob', at: noon, task: task('1.3.0') }] as const;
  const shown = view({ settling, held });
  expect(shown.settling).toEqual({
    version: '1.4.0',
    identity: settling.task.event.identity,
    stage: 'merged',
    at: noon,
  });
  expect(shown.held).toEqual([{ version: '1.3.0', because: 'closed', by: 'bob', at: noon }]);
});

it('says what targets run here and in the environment before, the newest report first', () => {
  const shown = view({
    running: [report('1.3.0', 'a'), report('1.4.0', 'b')],
    reports: [{ version: '1.4.0', reporter: 'uid-c', at: noon }],
  });
  expect(shown.running).toEqual([
    { version: '1.4.0', object: 'prod/b', at: noon },
    { version: '1.3.0', object: 'prod/a', at: noon },
  ]);
  expect(shown.source).toEqual([{ version: '1.4.0', object: 'uid-c', at: noon }]);
});

it('shows one target of each version, however many targets there are', () => {
  const fleet = Array.from({ length: 60 }, (_, n) => report('1.4.0', `target-${n}`));
  const { running, cut } = view({ running: [report('1.3.0', 'left-behind'), ...fleet] });
  expect(cut).toBe(true);
  expect(running?.map(({ version }) => version).slice(0, 3)).toEqual(['1.4.0', '1.3.0', '1.4.0']);
});

it('says that the last one failed, until something takes its place', () => {
  const state = { lastFailed: task('1.5.0'), outcomes: [ended('1.5.0', failed)] };
  expect(view(state).failed).toEqual({ version: '1.5.0', code: 'no-marker' });
  expect(view({ ...state, inHand: task('1.6.0') }).failed).toBeUndefined();
});

it('says how the last one ended, and who ended it', () => {
  const end = { state: 'closed', url: proposal.url, number: 12, by: 'bob' } as const;
  expect(view({ outcomes: [ended('1.5.0', end), ended('1.4.0', failed)] }).last).toEqual({
    version: '1.5.0',
    state: 'closed',
    detail: proposal.url,
    by: 'bob',
    endedAt: noon,
  });
});

it.each([
  ['ASCII', 'x'],
  ['characters of four bytes', '🚢'],
  ['quotation marks, which JSON escapes', '"'],
])('has at most 4 KiB, whatever the lane holds: %s', (_, character) => {
  const long = character.repeat(250);
  const versions = Array.from({ length: 60 }, (__, n) => `${n}-${long}`);
  const tasks = versions.map((version) => task(version, { from: long }));
  const shown = view({
    environment: long,
    inHand: task(long, { from: long }),
    waits: long.repeat(10),
    proposal: { ...proposal, url: `https://git.example/${long}` },
    settling: { task: task(long), stage: 'merged', at: noon },
    queue: tasks.slice(0, 20),
    held: versions
      .slice(0, 20)
      .map((version) => ({ version, because: 'closed', by: long, url: long, at: noon })),
    running: versions.map((version) => report(version, long)),
    reports: versions.map((version) => report(version, long)),
    outcomes: [ended(long, { ...failed, message: long.repeat(10) })],
  });
  expect(utf8Bytes(JSON.stringify(shown))).toBeLessThanOrEqual(viewLimitBytes);
  expect(shown).toMatchObject({ schema: 1, pipeline: pipelineRef, cut: true });
});

it('shows the same as another of another time', () => {
  const one = laneView(emptyLane(pipelineRef, 'prod'), 1);
  expect(showsAlike(one, laneView(emptyLane(pipelineRef, 'prod'), 2))).toBe(true);
  expect(showsAlike(one, laneView({ ...emptyLane(pipelineRef, 'prod'), inHand: task('1.5.0') }, 1))).toBe(
    false,
  );
});

it('says when something was recorded last, so that an audit of some hours asks the lane', () => {
  const records = [
    { kind: 'suspended', at: noon + 4 },
    { kind: 'approved', at: noon + 1 },
  ] as const;
  const before = view({ records: records.slice(1) });
  const after = view({ records });
  expect([before.recordedAt, after.recordedAt]).toEqual([noon + 1, noon + 4]);
  expect(showsAlike(before, after)).toBe(false);
});
