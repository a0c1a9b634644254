import { type EnvironmentFact } from '../../src/domain/environment-fact';
import { type DeploymentEvent } from '../../src/domain/event';
import { takeNext, transition } from '../../src/domain/lane/lane';
import { type LaneAct } from '../../src/domain/lane/lane-act';
import { type LaneInput } from '../../src/domain/lane/lane-input';
import { emptyLane, type LaneState, type LaneTask } from '../../src/domain/lane/lane-state';
import { type LaneStep } from '../../src/domain/lane/lane-step';
import { type PromotionEnd } from '../../src/domain/promotion/promotion';
import { keyOf, type PromotionNews } from '../../src/domain/promotion/promotion-news';
import { deployment, noon, pipelineRef } from './events';

const second = 1_000;
export const pullRequest = { url: 'https://git.example/pull/7', number: 7 };

/** The n-th key of an act, 32 hex digits. */
export const keyNumber = (n: number): string => n.toString(16).padStart(32, '0');

export const alice = { name: 'oidc:alice', groups: ['ops'], via: 'oidc', from: '192.0.2.7' } as const;

/** A lane into staging as its workflow drives it: superseded promotions end when they are asked to. Each input comes a second later. */
export function openActingLane(start: LaneState = emptyLane(pipelineRef, 'staging')) {
  let state = start;
  let now = noon;
  let acts = 0;
  const started: LaneTask[] = [];
  const steps: LaneStep[] = [];

  const fold = (input: LaneInput): LaneStep => {
    const { inHand } = state;
    const step = transition(state, input);
    state = step.state;
    steps.push(step);
    if (step.supersede !== undefined && inHand !== undefined) {
      fold(news(inHand, { stage: 'ended', end: { state: 'superseded', by: step.supersede }, at: now }));
    }
    return step;
  };
  const news = (task: LaneTask, about: PromotionNews): LaneInput => ({
    type: 'news',
    of: keyOf(task),
    news: about,
  });
  const put = (input: LaneInput): LaneStep => {
    const step = fold(input);
    const next = takeNext(state);
    state = next.state;
    if (next.task !== undefined) started.push(next.task);
    return step;
  };
  const tell = (task: LaneTask | undefined, about: PromotionNews): void => {
    if (task !== undefined) put(news(task, about));
  };
  const tick = (): number => (now += second);

  return {
    get state() {
      return state;
    },
    get now() {
      return now;
    },
    /** `promote 1.2.0`, `rollback 1.1.0`, `withdraw 1.2.0`, in the order in which they were started. */
    get started() {
      return started.map(({ action, request, version }) =>
        request?.kind === 'rollback' ? `rollback ${version}` : `${action} ${version}`,
      );
    },
    tasks: started,
    /** What each input led to. */
    steps,
    put,
    report(version: string, overrides: Partial<DeploymentEvent> = {}): LaneStep {
      const at = tick();
      return put({ type: 'event', event: deployment({ version, at, release: at / second, ...overrides }) });
    },
    /** The environment runs the version. */
    runs(version: string, overrides: Partial<EnvironmentFact> = {}): LaneStep {
      const at = tick();
      const reporter = overrides.reporter ?? 'uid-s';
      const fact = {
        kind: 'deployed',
        identity: `${version} ${reporter} ${at}`,
        version,
        at,
        targets: 1,
      } as const;
      return put({ type: 'fact', fact: { ...fact, object: 'staging/shop', reporter, ...overrides } });
    },
    act(kind: LaneAct['kind'], version?: string, overrides: Partial<LaneAct> = {}): LaneStep {
      acts += 1;
      const named = version === undefined ? {} : { version };
      const act = { kind, ...named, actor: alice, at: tick(), key: keyNumber(acts), reason: 'It is slow.' };
      return put({ type: 'act', act: { ...act, ...overrides } });
    },
    proposed: (): void => tell(state.inHand, { stage: 'proposed', ...pullRequest, at: tick() }),
    waits: (about: Partial<Extract<PromotionNews, { stage: 'waits' }>>): void =>
      tell(state.inHand, { stage: 'waits', at: tick(), ...about }),
    merged: (about: Partial<Extract<PromotionNews, { stage: 'merged' }>> = {}): void =>
      tell(state.inHand, { stage: 'merged', at: tick(), ...about }),
    ended: (end: PromotionEnd, task: LaneTask | undefined = state.inHand): void =>
      tell(task, { stage: 'ended', end, at: tick() }),
    /** What acts is merged, and the environment runs it. */
    deploy(version: string): void {
      this.proposed();
      this.merged();
      this.runs(version);
      this.ended({ state: 'deployed' }, state.settling?.task);
    },
  };
}
