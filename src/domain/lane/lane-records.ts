/** What a lane records: decisions as they come in, outcomes as they change its state. */
import { type AuditRecord, type RecordKind } from '../record/audit-record';
import { boundedRecord } from '../record/read-records';
import { type KeptRecords, withRecords } from '../record/record-list';
import { isUnreported } from './acts';
import { type LaneAct } from './lane-act';
import { type LaneInput } from './lane-input';
import { type LaneOutcome } from './lane-outcome';
import { type LaneState } from './lane-state';

/** The state with what the input records. */
export function withRecordsOf(before: LaneState, input: LaneInput, after: LaneState): LaneState {
  const added = [...decisionsOf(before, input, after), ...outcomesOf(before, input, after)].map(
    boundedRecord,
  );
  if (added.length === 0) return after;
  return { ...after, ...withRecords(after, added) };
}

export function keptRecords({ records = [], forgotBefore }: LaneState): KeptRecords {
  return { records, ...(forgotBefore === undefined ? {} : { forgotBefore }) };
}

function decisionsOf(before: LaneState, input: LaneInput, after: LaneState): readonly AuditRecord[] {
  switch (input.type) {
    case 'act':
      return after.acts === before.acts ? [] : [recordOfAct(input.act, before)];
    case 'records':
      return input.records;
    case 'news':
      return input.news.stage === 'decided' ? input.news.records : [];
    case 'retry':
    case 'promote': {
      const { at } = input;
      const asked = after.waiting === before.waiting ? undefined : after.waiting;
      if (at === undefined || asked === undefined) return [];
      const by = input.type === 'promote' ? input.by : undefined;
      const kind = input.type === 'promote' ? 'promote-requested' : 'retry-requested';
      return [{ kind, at, version: asked.version, ...(by === undefined ? {} : { by }) }];
    }
    default:
      return [];
  }
}

const actKinds = {
  promote: 'promote-requested',
  rollback: 'rollback-requested',
  retry: 'retry-requested',
  cancel: 'cancel-requested',
} as const satisfies Record<LaneAct['kind'], RecordKind>;

function recordOfAct(act: LaneAct, { lastFailed }: LaneState): AuditRecord {
  const { kind, at, actor, reason, key, version = lastFailed?.version } = act;
  const { name, groups, via, from } = actor;
  return {
    kind: actKinds[kind],
    at,
    ...(version === undefined ? {} : { version }),
    by: name,
    ...(groups === undefined ? {} : { groups }),
    via,
    ...(from === undefined ? {} : { from }),
    ...(reason === undefined ? {} : { detail: reason }),
    key,
  };
}

function outcomesOf(before: LaneState, input: LaneInput, after: LaneState): readonly AuditRecord[] {
  const ended = after.outcomes.filter((outcome) => !before.outcomes.includes(outcome));
  return [
    ...proposedIn(before, after),
    ...settlesIn(before, input, after),
    ...ended.flatMap((outcome) => recordOfOutcome(before, outcome) ?? []),
    ...wentBackIn(before, after),
  ];
}

function proposedIn(before: LaneState, { inHand, proposal }: LaneState): readonly AuditRecord[] {
  if (inHand === undefined || proposal === undefined || proposal.number === before.proposal?.number)
    return [];
  return [{ kind: 'proposed', at: proposal.at, version: inHand.version, detail: proposal.url }];
}

function settlesIn(before: LaneState, input: LaneInput, { settling }: LaneState): readonly AuditRecord[] {
  if (settling === undefined || settling.task === before.settling?.task || input.type !== 'news') return [];
  const { stage, task, at } = settling;
  const news = input.news.stage === 'merged' ? input.news : undefined;
  const kind = stage === 'merged' && news?.outsideGates !== undefined ? 'merged-outside-gates' : stage;
  const detail = news?.outsideGates?.join(', ') ?? before.proposal?.url;
  return [
    {
      kind,
      at,
      version: task.version,
      ...(news?.by === undefined ? {} : { by: news.by }),
      ...(detail === undefined ? {} : { detail }),
    },
  ];
}

/** Helm, or people in Git, without a promotion that the lane remembers: otherwise that ends as rolled back. */
function wentBackIn({ held: heldBefore = [] }: LaneState, { held = [] }: LaneState): readonly AuditRecord[] {
  return held
    .filter((each) => each.because === 'rolled-back' && each.task === undefined && each.by === undefined)
    .filter((each) => !heldBefore.some(({ version, at }) => version === each.version && at === each.at))
    .map(({ version, at }) => ({ kind: 'rolled-back', at, version }));
}

/** @returns undefined: it was recorded when it happened */
function recordOfOutcome(before: LaneState, outcome: LaneOutcome): AuditRecord | undefined {
  const { version, state, endedAt, code } = outcome;
  const wasActing = before.inHand?.version === version;
  if (state === 'yielded' || ((state === 'merged' || state === 'notified') && !wasActing)) return undefined;
  if (state === 'rejected' && isRecorded(before, version)) return undefined;
  const kind = state === 'pull-request' ? 'proposed' : state;
  const by = state === 'rejected' ? outcome.detail : outcome.by;
  const detail = detailOf(outcome);
  const reportedAt = state === 'deployed' ? reportedAtOf(before, version) : undefined;
  return {
    kind: code === 'quarantined' ? code : kind,
    at: endedAt,
    version,
    ...(by === undefined ? {} : { by }),
    ...(detail === undefined ? {} : { detail }),
    ...(reportedAt === undefined ? {} : { reportedAt }),
  };
}

/** @returns undefined: a person asked for the version, and no target has reported it for that */
function reportedAtOf({ settling, passedBy = [], inHand }: LaneState, version: string): number | undefined {
  const task = [settling?.task, inHand, ...passedBy].find((each) => each?.version === version);
  return task === undefined || isUnreported(task) ? undefined : task.event.at;
}

/** Its promotion has told who rejected it, with more than the outcome has. */
function isRecorded({ records = [], inHand }: LaneState, version: string): boolean {
  const since = inHand?.event.at ?? 0;
  return records.some(
    (record) => record.kind === 'rejected' && record.version === version && record.at >= since,
  );
}

function detailOf({ state, detail, to, comment }: LaneOutcome): string | undefined {
  switch (state) {
    case 'rolled-back':
      return to === undefined ? undefined : `to ${to}`;
    case 'rejected':
      return comment;
    // In milliseconds.
    case 'expired':
      return undefined;
    default:
      return detail;
  }
}
