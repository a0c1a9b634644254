import { type DeploymentEvent } from '../../src/domain/event';
import { takeNext, transition } from '../../src/domain/lane/lane';
import { type LaneInput } from '../../src/domain/lane/lane-input';
import { emptyLane, type LaneState, type LaneTask } from '../../src/domain/lane/lane-state';
import { type PromotionEnd } from '../../src/domain/promotion/promotion';
import { keyOf, type PromotionNews } from '../../src/domain/promotion/promotion-news';
import { alice, keyNumber } from './acting-lane';
import { deployment, noon, pipelineRef } from './events';

export type Supersede = 'latest' | 'queue';

const pullRequest = { url: 'https://git.example/pull/7', number: 7 };

/** A lane as its workflow drives it, whose Pipeline says so of newer versions. Superseded promotions end when they are asked to. */
export function openQueueingLane(supersede: Supersede) {
  let state: LaneState = emptyLane(pipelineRef, 'staging');
  let mode = supersede;
  let release = 0;
  const started: string[] = [];
  const left: string[] = [];

  const takeAll = (): void => {
    const next = takeNext(state);
    state = next.state;
    if (next.task !== undefined) {
      started.push(next.task.action === 'promote' ? next.task.version : `withdraw ${next.task.version}`);
    }
  };
  const fold = (inputs: readonly LaneInput[]): void => {
    for (const input of inputs) {
      const { inHand } = state;
      const step = transition(state, input);
      state = step.state;
      left.push(...(step.leftQueue ?? []).map(({ version, reason }) => `${version} ${reason}`));
      if (step.supersede !== undefined && inHand !== undefined) {
        fold([newsOf(inHand, { state: 'superseded', by: step.supersede })]);
      }
    }
  };
  const newsOf = (task: LaneTask, end: PromotionEnd): LaneInput => ({
    type: 'news',
    of: keyOf(task),
    news: { stage: 'ended', end, at: noon },
  });
  /** @param inputs come in before the lane looks at any of them */
  const put = (...inputs: readonly LaneInput[]): void => {
    fold(inputs);
    takeAll();
  };
  const eventOf = (version: string, overrides: Partial<DeploymentEvent> = {}): LaneInput => {
    release += 1;
    const event = deployment({ version, release, at: noon + release * 1000, ...overrides });
    return { type: 'event', event: mode === 'queue' ? { ...event, supersede: mode } : event };
  };
  const report = (version: string, overrides: Partial<DeploymentEvent> = {}): void =>
    put(eventOf(version, overrides));
  return {
    get state() {
      return state;
    },
    /** In the order in which they were started. */
    started,
    /** What left the queue, and why. */
    left,
    get acts() {
      return state.inHand === undefined ? undefined : state.inHand.version;
    },
    get queue() {
      return (state.queue ?? []).map(({ version }) => version);
    },
    change(to: Supersede): void {
      mode = to;
    },
    event: eventOf,
    put,
    report,
    /** The environment has run the version before. */
    act(kind: 'promote' | 'rollback', version: string): void {
      release += 1;
      const at = noon + release * 1000;
      const fact = { kind: 'deployed', identity: `${version} ${at}`, version, at, targets: 1 } as const;
      put({ type: 'fact', fact: { ...fact, reporter: `uid-${release}`, object: 'staging/shop' } });
      const named = { kind, version, actor: alice, at, key: keyNumber(release), source: 'dev' };
      put({ type: 'act', act: named });
    },
    rollBack: (version: string): void => report(version, { kind: 'rolled-back' }),
    news: (news: PromotionNews): void => {
      if (state.inHand !== undefined) put({ type: 'news', of: keyOf(state.inHand), news });
    },
    end: (end: PromotionEnd, ...then: readonly LaneInput[]): void => {
      if (state.inHand !== undefined) put(newsOf(state.inHand, end), ...then);
    },
    close: (): void => {
      if (state.inHand !== undefined) put(newsOf(state.inHand, { state: 'closed', ...pullRequest }));
    },
  };
}
