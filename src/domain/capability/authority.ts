/** Whether what a promotion is about to do was allowed by those who may: pure, asked right before it pushes, merges or notifies. */
import { type ApprovalContext, type GivenApproval } from '../approvals/quorum';
import { requestedVia } from '../approvals/requesters';
import { closedGates } from '../gates/evaluate';
import { type GatePolicies } from '../gates/registry';
import { type GateOverride, type PromotionTask } from '../promotion/promotion';
import { type Claim, type DecisionClaim, type ProposedClaim, type VerifyClaim } from './claim';
import { contentOf } from './event-content';

/** The workflow ids that tokens name. */
export interface AuthorityIds {
  readonly lane: string;
  readonly promotion: string;
}

export interface Acting {
  readonly task: PromotionTask;
  readonly ids: AuthorityIds;
  /** What the Pipeline of today and the operator's policy ask for. */
  readonly policies: GatePolicies;
  /** Of a merge: its commit, and the `ProposedClaim` of the worker that made it. */
  readonly merge?: {
    readonly head: string;
    readonly proposed?: string | undefined;
    /** It is only shown that people may merge it: it may have commits of theirs. */
    readonly isShown?: boolean;
  };
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface AuthorityFault {
  /** `closed`: people have not decided enough yet, or what they decided has expired: nothing is wrong. */
  readonly kind: 'unauthorized' | 'closed';
  /** A sentence. */
  readonly says: string;
}

/** The clocks of several Pods of `api` differ by this at most. */
const clockSkewMs = 10_000;

/** @returns undefined: it may act */
export function authorityFault(acting: Acting, verify: VerifyClaim): AuthorityFault | undefined {
  const { task, ids, policies, merge, now } = acting;
  const claimOf = (token: string | undefined): Claim | undefined =>
    token === undefined ? undefined : verify(token);
  const origin = originFault(task, ids, claimOf);
  if (origin !== undefined) return unauthorized(origin);
  if (task.action === 'withdraw') {
    return merge === undefined ? undefined : unauthorized('A withdrawal has nothing to merge.');
  }

  const opened = (task.overridden ?? []).find((each) => !isVouchedOverride(each, task, ids, claimOf));
  if (opened !== undefined) {
    return unauthorized(`Nothing vouches for the gates that ${opened.by} opened for this promotion.`);
  }
  const made = proposedBy(merge?.proposed ?? task.proposed, task, ids, claimOf);
  // Its commit is only made again: what allowed it was verified before the first one.
  if (merge === undefined && made !== undefined) return undefined;
  const isTheirs = merge?.isShown === true && made !== undefined;
  if (merge !== undefined && made?.head !== merge.head && !isTheirs) {
    return unauthorized(
      `Nothing vouches for the commit ${merge.head}: no worker made it for this promotion.`,
    );
  }

  const since = requestedAt(task, claimOf);
  const vouched = (given: GivenApproval): GivenApproval | undefined =>
    vouchedApproval(given, task, ids, { claimOf, since, made });
  const given = (task.approvals ?? []).filter(({ capability }) => capability !== undefined);
  const approvals = given.flatMap((each) => vouched(each) ?? []);
  const manual = task.manualApproval && vouched(task.manualApproval);
  const context: ApprovalContext = {
    head: merge?.head,
    requesters: requesters(task, manual),
    // What the request says of its person was verified above.
    requestedVia: requestedVia({ request: task.request, manualApproval: manual }),
  };
  const closed = closedGates(
    {
      task,
      workflowId: ids.promotion,
      approved: task.approved === true && manual !== undefined,
      approvals,
      overridden: (task.overridden ?? []).flatMap(({ gates }) => gates),
      now,
      ...context,
    },
    decisionsOf(policies),
    merge === undefined ? 'proposal' : 'merge',
  );
  if (closed.length === 0) return undefined;
  const what = closed.map(({ brief }) => brief).join(', ');
  const unfit = given.find((each) => vouched(each) === undefined);
  if (unfit !== undefined) {
    return unauthorized(
      `Nothing vouches for the approval of ${unfit.by}, which this promotion needs (${what}).`,
    );
  }
  if (task.approved === true && manual === undefined && closed.some(({ name }) => name === 'manual')) {
    return unauthorized('Nothing vouches for the approval of this promotion.');
  }
  return { kind: 'closed', says: `The gates closed before the attempt acted (${what}): it did nothing.` };
}

function unauthorized(says: string): AuthorityFault {
  return { kind: 'unauthorized', says };
}

/** A target has reported the version, or a person with the right to do so has asked for it. */
export function originFault(
  { action, version, event, request }: PromotionTask,
  { lane }: AuthorityIds,
  claimOf: (token: string | undefined) => Claim | undefined,
): string | undefined {
  if (action === 'promote' && (event.version !== version || event.kind !== 'deployed')) {
    return `The promotion is of ${version}, and its event does not say that a target runs it.`;
  }
  if (request !== undefined) {
    const claim = claimOf(request.capability);
    const fits =
      claim !== undefined &&
      (claim.kind === 'promote' || claim.kind === 'rollback') &&
      claim.kind === request.kind &&
      claim.lane === lane &&
      claim.version === version &&
      claim.key === request.key &&
      claim.actor.name === request.actor.name &&
      claim.actor.via === request.actor.via;
    return fits ? undefined : `Nothing vouches for the request of ${request.actor.name} for ${version}.`;
  }
  const claim = claimOf(event.capability);
  const fits =
    claim?.kind === 'report' &&
    claim.lane === lane &&
    claim.version === event.version &&
    claim.identity === event.identity &&
    (claim.content === undefined || claim.content === contentOf(event));
  return fits ? undefined : `Nothing vouches for the report that ${event.environment} runs ${event.version}.`;
}

/** @returns when, milliseconds since the epoch: what was decided before counts no more */
function requestedAt(
  { request }: PromotionTask,
  claimOf: (token: string | undefined) => Claim | undefined,
): number {
  return request === undefined ? -Infinity : (claimOf(request.capability)?.at ?? -Infinity);
}

function proposedBy(
  token: string | undefined,
  { version }: PromotionTask,
  { promotion }: AuthorityIds,
  claimOf: (token: string | undefined) => Claim | undefined,
): ProposedClaim | undefined {
  const claim = claimOf(token);
  if (claim?.kind !== 'proposed') return undefined;
  return claim.promotion === promotion && claim.version === version ? claim : undefined;
}

interface Vouching {
  readonly claimOf: (token: string | undefined) => Claim | undefined;
  readonly since: number;
  readonly made: ProposedClaim | undefined;
}

/** The approval as its token says it: of whom, when, for which commit. */
function vouchedApproval(
  { by, via, at, capability, groups, head }: GivenApproval,
  { version }: PromotionTask,
  { promotion }: AuthorityIds,
  { claimOf, since, made }: Vouching,
): GivenApproval | undefined {
  const claim = claimOf(capability);
  if (claim?.kind !== 'approve') return undefined;
  const { actor } = claim;
  const fits =
    claim.promotion === promotion &&
    claim.version === version &&
    actor.name === by &&
    actor.via === via &&
    claim.at + clockSkewMs >= since;
  if (!fits) return undefined;
  const named = groups?.filter((group) => actor.groups?.includes(group) === true);
  const bound = headOf(claim, head, made);
  return {
    by,
    via: actor.via,
    at: Math.min(at, claim.at + clockSkewMs),
    ...(named === undefined ? {} : { groups: named }),
    ...(bound === undefined ? {} : { head: bound }),
  };
}

/** Windlass makes commits of one version only: what was approved of an earlier one counts for the one that replaces it. */
function headOf(
  { head: approved }: DecisionClaim,
  given: string | undefined,
  made: ProposedClaim | undefined,
): string | undefined {
  if (made === undefined) return approved ?? given;
  const isOurs =
    approved === undefined || approved === made.head || made.earlier?.includes(approved) === true;
  return isOurs ? made.head : approved;
}

function isVouchedOverride(
  { gates, by, via, capability }: GateOverride,
  { version }: PromotionTask,
  { promotion }: AuthorityIds,
  claimOf: (token: string | undefined) => Claim | undefined,
): boolean {
  const claim = claimOf(capability);
  return (
    claim?.kind === 'override' &&
    claim.promotion === promotion &&
    claim.version === version &&
    claim.actor.name === by &&
    claim.actor.via === via &&
    gates.every((gate) => claim.gates.includes(gate))
  );
}

function requesters(task: PromotionTask, manual: GivenApproval | undefined): readonly string[] {
  const { requestedBy = [], request } = task;
  return [
    ...requestedBy,
    ...(request === undefined ? [] : [request.actor.name]),
    ...(manual === undefined ? [] : [manual.by]),
  ];
}

/** Only what people decide: the workflow knows times, tests and other pipelines. */
function decisionsOf({ manual, approvals, stage, rule, minimums = [] }: GatePolicies): GatePolicies {
  return {
    manual,
    ...(approvals === undefined ? {} : { approvals }),
    ...(stage === undefined ? {} : { stage }),
    ...(rule === undefined ? {} : { rule }),
    ...(minimums.length === 0 ? {} : { minimums: minimums.map(decisionsOf) }),
  };
}
