/**
 * What is shown of a lane: its memo in Temporal, from which `api` makes its lists. Some kilobytes at most. It outlives
 * upgrades: add fields as optional ones.
 */
import { type FailureCode } from '../errors';
import { briefApproval, type MissingApproval } from '../approvals/missing-approval';
import { clipText, utf8Bytes } from '../names';
import { type PipelineRef } from '../pipeline/pipeline';
import { type PromotionAction } from '../promotion/promotion';
import { type ShownState } from '../promotion/states';
import { type HeldVersion, type LaneState, type Proposal, type Report, type Settling } from './lane-state';
import { type LaneOutcome } from './lane-outcome';
import { laneSentence } from './lane-sentence';

export interface LaneView {
  readonly schema: 1;
  readonly pipeline: PipelineRef;
  /** The environment promoted into. */
  readonly environment: string;
  /** See `laneSentence`. */
  readonly sentence: string;
  /** The promotion that acts. */
  readonly acting?: ActingPromotion;
  /** Merged or notified, and not seen to run yet. */
  readonly settling?: Omit<Settling, 'task'> & { readonly version: string; readonly identity: string };
  /** Versions that wait behind it, the next one first. */
  readonly queued?: readonly string[];
  readonly held?: readonly Omit<HeldVersion, 'task'>[];
  /** What targets of this environment reported, by object. */
  readonly running?: readonly RunningTarget[];
  /** The same of the environment promoted from. */
  readonly source?: readonly RunningTarget[];
  /** Lists are cut: the state has all of them. */
  readonly cut?: true;
  /** The last promotion, where it failed and nothing took its place. */
  readonly failed?: { readonly version: string; readonly code?: FailureCode | 'unknown' };
  readonly last?: Pick<LaneOutcome, 'version' | 'state' | 'detail' | 'by' | 'endedAt'>;
  /** The time of the newest record: `changedAt` moves with it. */
  readonly recordedAt?: number;
  /** Milliseconds since the epoch. */
  readonly changedAt: number;
}

export interface ActingPromotion {
  readonly version: string;
  readonly action: PromotionAction;
  /** Of its event; with the version, it names the promotion's workflow: see `promotionId`. */
  readonly identity: string;
  /** The environment promoted from. */
  readonly from: string;
  /** When its event came, milliseconds since the epoch. */
  readonly since: number;
  /** What it waits for; absent: nothing, or lanes of older versions do not know. */
  readonly state?: ShownState;
  /** The same as a sentence without a full stop. */
  readonly waits?: string;
  /** Present: it needs the approval of a person. */
  readonly approval?: MissingApproval;
  readonly proposal?: Proposal;
}

export interface RunningTarget {
  readonly version: string;
  /** The HelmRelease's `namespace/name`, or what reported it. */
  readonly object: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Of a memo, as JSON in UTF-8. Visibility keeps one for each lane, and `api` reads thousands. */
export const viewLimitBytes = 4_096;

/** As many entries of each list as there is room for. */
const listLimits = [10, 5, 2, 0];
const sentenceBytes = 500;
const detailBytes = 300;
const nameBytes = 256;

/**
 * What is shown of a lane, in at most `viewLimitBytes`: long texts are clipped, and lists are cut at their end.
 * @param changedAt milliseconds since the epoch
 */
export function laneView(state: LaneState, changedAt: number): LaneView {
  for (const limit of listLimits) {
    const view = viewOf(state, changedAt, limit);
    if (utf8Bytes(JSON.stringify(view)) <= viewLimitBytes) return view;
  }
  // Names of hundreds of characters, in every place.
  const { pipeline, environment, sentence, recordedAt } = viewOf(state, changedAt, 0);
  const recorded = recordedAt === undefined ? {} : { recordedAt };
  return { schema: 1, pipeline, environment, sentence, ...recorded, changedAt, cut: true };
}

/** Whether two views show the same; when they changed does not count. */
export function showsAlike(a: LaneView, b: LaneView): boolean {
  return JSON.stringify({ ...a, changedAt: 0 }) === JSON.stringify({ ...b, changedAt: 0 });
}

/** Whether nothing has changed but that a promotion starts, which has not told anything yet. */
export function onlyStarts(before: LaneView | undefined, view: LaneView): boolean {
  const { acting } = view;
  if (acting === undefined || (acting.state ?? acting.waits ?? acting.proposal) !== undefined) return false;
  const rest = ({ settling, queued, held, running, failed, last, recordedAt }: Partial<LaneView>): string =>
    JSON.stringify([settling, queued, held, running, failed, last, recordedAt]);
  return rest(before ?? {}) === rest(view);
}

function viewOf(state: LaneState, changedAt: number, limit: number): LaneView {
  const { inHand, waiting, queue = [], running = [], reports, settling } = state;
  const behind = [...(inHand === undefined || waiting === undefined ? [] : [waiting]), ...queue];
  const lists = {
    queued: behind.map(({ version }) => clipText(version, nameBytes)),
    held: (state.held ?? []).map(heldOf),
    running: targetsOf(running),
    source: targetsOf(reports),
  };
  const isCut = Object.values(lists).some(({ length }) => length > limit);
  const queued = lists.queued.slice(0, limit);
  const held = lists.held.slice(0, limit);
  const there = lists.running.slice(0, limit);
  const source = lists.source.slice(0, limit);
  const acting = actingOf(state, limit);
  const failed = failedOf(state);
  const last = lastOf(state);
  const recordedAt = state.records?.[0]?.at;
  return {
    schema: 1,
    pipeline: state.pipeline,
    environment: state.environment,
    sentence: clipText(laneSentence(state), sentenceBytes),
    ...(acting === undefined ? {} : { acting }),
    ...(settling === undefined ? {} : { settling: settlingOf(settling) }),
    ...(queued.length === 0 ? {} : { queued }),
    ...(held.length === 0 ? {} : { held }),
    ...(there.length === 0 ? {} : { running: there }),
    ...(source.length === 0 ? {} : { source }),
    ...(isCut ? { cut: true } : {}),
    ...(failed === undefined ? {} : { failed }),
    ...(last === undefined ? {} : { last }),
    ...(recordedAt === undefined ? {} : { recordedAt }),
    changedAt,
  };
}

function actingOf(state: LaneState, limit: number): ActingPromotion | undefined {
  const { inHand, waiting, shown, waits, approval, proposal } = state;
  const task = inHand ?? waiting;
  if (task === undefined) return undefined;
  const { action, version, from, event } = task;
  return {
    version,
    action,
    identity: event.identity,
    from,
    since: event.at,
    ...(inHand === undefined || shown === undefined ? {} : { state: shown }),
    ...(inHand === undefined || waits === undefined ? {} : { waits: clipText(waits, sentenceBytes) }),
    ...(inHand === undefined || approval === undefined ? {} : { approval: briefApproval(approval, limit) }),
    ...(proposal === undefined ? {} : { proposal }),
  };
}

function settlingOf({ task, stage, at }: Settling): NonNullable<LaneView['settling']> {
  return { version: task.version, identity: task.event.identity, stage, at };
}

function heldOf({ version, because, url, by, at }: HeldVersion): Omit<HeldVersion, 'task'> {
  return {
    version: clipText(version, nameBytes),
    because,
    ...(url === undefined ? {} : { url }),
    ...(by === undefined ? {} : { by: clipText(by, nameBytes) }),
    at,
  };
}

/** One of each version first, so that a list that is cut still says whether targets agree; otherwise the newest first. */
function targetsOf(reports: readonly Report[]): readonly RunningTarget[] {
  const newestFirst = reports.toReversed();
  const isFirst = ({ version }: Report, index: number): boolean =>
    newestFirst.findIndex((each) => each.version === version) === index;
  const firsts = newestFirst.filter(isFirst);
  const others = newestFirst.filter((report, index) => !isFirst(report, index));
  return [...firsts, ...others].map(({ version, object, reporter, at }) => ({
    version: clipText(version, nameBytes),
    object: clipText(object ?? reporter, nameBytes),
    at,
  }));
}

function failedOf({ inHand, waiting, lastFailed, outcomes }: LaneState): LaneView['failed'] {
  if (lastFailed === undefined || (inHand ?? waiting) !== undefined) return undefined;
  const { version } = lastFailed;
  const end = outcomes.find((each) => each.version === version && each.state === 'failed');
  return { version: clipText(version, nameBytes), ...(end?.code === undefined ? {} : { code: end.code }) };
}

function lastOf({ outcomes }: LaneState): LaneView['last'] {
  const [last] = outcomes;
  if (last === undefined) return undefined;
  const { version, state, detail, by, endedAt } = last;
  return {
    version: clipText(version, nameBytes),
    state,
    ...(detail === undefined ? {} : { detail: clipText(detail, detailBytes) }),
    ...(by === undefined ? {} : { by: clipText(by, nameBytes) }),
    endedAt,
  };
}
