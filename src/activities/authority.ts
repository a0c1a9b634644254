/** The one place where activities verify what allows them to act: see docs/decisions/capabilities.md. */
import { setTimeout as delay } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { type Client } from '@temporalio/client';
import { type Logger } from 'pino';
import { WorkflowNotFoundError } from '@temporalio/common';
import { type Capabilities } from '../capability/capabilities';
import { type AuthorityIds, authorityFault } from '../domain/capability/authority';
import { testsFault } from '../domain/capability/tests-fault';
import { WindlassError } from '../domain/errors';
import { type RejectedBy, partingFault } from '../domain/capability/parting';
import { type GatePolicies } from '../domain/gates/registry';
import { unsignedUntil } from '../domain/capability/unsigned-grace';
import { laneAgreement } from '../domain/lane/lane-agreement';
import { type LaneState } from '../domain/lane/lane-state';
import { findHopBetween } from '../domain/pipeline/pipeline';
import { type PromotionPolicy } from '../domain/policy/promotion-policy';
import { type PromotionTask } from '../domain/promotion/promotion';
import { type PipelineStore } from '../store/pipeline-store';
import { readLaneState } from '../temporal/lane-states';
import { laneId, promotionId } from '../workflows/contract/ids';
import { askedDecisions } from './asked-gates';
import { GatesClosed } from './gates-closed';

/** Of a merge: its commit, and what vouches for who made it. */
export interface MergeOf {
  readonly head: string;
  readonly proposed?: string | undefined;
  /** It is only shown that people may merge it: it may have commits of theirs. */
  readonly isShown?: boolean;
}

export interface Authority {
  /**
   * To be called right before a promotion pushes, merges, notifies or closes, in the activity that does so.
   * @throws WindlassError not-authorized, lane-unavailable or store-unavailable; GatesClosed where people have not decided enough
   */
  require(task: PromotionTask, merge?: MergeOf): Promise<void>;
  /**
   * To be called right before a promotion that has ended says so on its pull request, or closes it.
   * @param rejection absent: no person ended it
   * @throws WindlassError not-authorized, lane-unavailable or store-unavailable
   */
  requireParting(task: PromotionTask, rejection?: RejectedBy): Promise<void>;
  /** Whether only what the API vouches for counts in this promotion; not where it began before there was a key. */
  isNeeded(task: PromotionTask): Promise<boolean>;
  /** Vouches for a commit that this worker made for the promotion. @returns a token */
  proposed(task: PromotionTask, head: string): string;
}

export interface AuthorityDependencies {
  readonly capabilities: Capabilities;
  readonly store: Pick<PipelineStore, 'pipeline'>;
  /** The operator's, as it is now. */
  readonly policy?: () => PromotionPolicy;
  readonly client: Client;
  readonly log: Pick<Logger, 'warn'>;
}

/** A lane that has just begun learns of running promotions within seconds. */
const laneLooks = { count: 3, pauseMs: 2_000 };
const laneRetryMs = 5_000;
/** A conflict makes a commit again; what is older was approved long ago. */
const mostEarlier = 20;

export function createAuthority(dependencies: AuthorityDependencies): Authority {
  const { capabilities, client, log } = dependencies;
  const isExempt = async (task: PromotionTask): Promise<boolean> => {
    const { notBefore } = capabilities;
    if (notBefore === undefined || (task.request ?? task.event).capability !== undefined) return false;
    return Date.now() < unsignedUntil(notBefore) && (await beganAt(client)) < notBefore;
  };
  const warnOf = ({ version, to }: PromotionTask): void => {
    const { workflowId } = execution();
    log.warn({ workflowId }, `${version} may act in ${to} without capabilities: it began before the key`);
  };
  return {
    async require(task, merge) {
      const ids = idsOf(task);
      if (await isExempt(task)) {
        await requireAgreement(client, task);
        warnOf(task);
        return;
      }
      const policies = await askedNow(dependencies, task);
      const acting = { task, ids, policies, now: Date.now() };
      const verify = (token: string) => capabilities.verify(token);
      const fault = authorityFault(merge === undefined ? acting : { ...acting, merge }, verify);
      if (fault?.kind === 'closed') throw new GatesClosed(fault.says);
      if (fault !== undefined) throw new WindlassError('not-authorized', fault.says);
      const { tests = [] } = await requireAgreement(client, task);
      const tested = { task, lane: ids.lane, policies, isMerge: merge !== undefined };
      const untested = testsFault(tested, tests, verify);
      if (untested !== undefined) throw new WindlassError('not-authorized', untested);
    },
    async requireParting(task, rejection) {
      const ids = idsOf(task);
      if (await isExempt(task)) warnOf(task);
      else {
        const fault = partingFault(task, ids, rejection, (token) => capabilities.verify(token));
        if (fault !== undefined) throw new WindlassError('not-authorized', fault);
      }
      await requireAgreement(client, task);
    },
    isNeeded: async (task) => !(await isExempt(task)),
    proposed(task, head) {
      const { promotion } = idsOf(task);
      const before = task.proposed === undefined ? undefined : capabilities.verify(task.proposed);
      const earlier =
        before?.kind === 'proposed' && before.promotion === promotion && before.version === task.version
          ? [before.head, ...(before.earlier ?? [])].filter((each) => each !== head).slice(0, mostEarlier)
          : [];
      return capabilities.sign({
        kind: 'proposed',
        promotion,
        version: task.version,
        head,
        at: Date.now(),
        ...(earlier.length === 0 ? {} : { earlier }),
      });
    },
  };
}

/** @throws WindlassError not-authorized: this workflow is not the one of its task */
function idsOf({ pipeline, to, version, event }: PromotionTask): AuthorityIds {
  const promotion = promotionId(pipeline, to, version, event.identity);
  const { workflowId } = execution();
  if (workflowId !== promotion) {
    const says = `The workflow ${workflowId} has the task of ${promotion}.`;
    throw new WindlassError('not-authorized', says);
  }
  return { lane: laneId(pipeline, to), promotion };
}

function execution(): { readonly workflowId: string; readonly runId: string } {
  const { workflowExecution } = Context.current().info;
  if (workflowExecution === undefined) throw new Error('A promotion acts in a workflow.');
  return workflowExecution;
}

/** When the promotion began, as Temporal knows it, before it continued as new. @returns milliseconds since the epoch */
async function beganAt(client: Client): Promise<number> {
  const { workflowId, runId } = execution();
  const { startTime, raw } = await client.workflow.getHandle(workflowId, runId).describe();
  const first = raw.workflowExecutionInfo?.firstRunId ?? runId;
  if (first === runId || first === '') return startTime.getTime();
  try {
    return (await client.workflow.getHandle(workflowId, first).describe()).startTime.getTime();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return startTime.getTime();
    throw error;
  }
}

async function askedNow(
  { store, policy }: AuthorityDependencies,
  { pipeline: ref, from, to }: PromotionTask,
): Promise<GatePolicies> {
  const pipeline = await store.pipeline(ref);
  const hop = pipeline && findHopBetween(pipeline, from, to);
  // Nothing is done for a hop that is gone, which is for others to say.
  return pipeline === undefined || hop === undefined
    ? { manual: false }
    : askedDecisions(policy?.() ?? { rules: [] }, pipeline, hop);
}

/**
 * A promotion that was reset to before its rejection does not know of it; its lane does.
 * @returns the lane's state
 * @throws WindlassError not-authorized, lane-unavailable
 */
async function requireAgreement(client: Client, task: PromotionTask): Promise<LaneState> {
  const { version, to } = task;
  for (let look = 1; look <= laneLooks.count; look += 1) {
    if (look > 1) await delay(laneLooks.pauseMs);
    const state = await askLane(client, task, look === laneLooks.count);
    if (state === undefined) continue;
    const agreement = laneAgreement(state, task);
    if (agreement === 'agrees') return state;
    if (agreement === 'held') {
      throw new WindlassError('not-authorized', `${version} is held in ${to}: a person decided against it.`);
    }
  }
  throw new WindlassError('not-authorized', `The lane into ${to} does not have this promotion in progress.`);
}

/** @returns undefined: there is no lane, or it did not answer */
async function askLane(
  client: Client,
  { pipeline, to }: PromotionTask,
  isLast: boolean,
): Promise<LaneState | undefined> {
  try {
    return await readLaneState(client, pipeline, to);
  } catch (error) {
    if (!isLast) return undefined;
    throw new WindlassError('lane-unavailable', `The lane into ${to} did not answer.`, {
      cause: error,
      retryAfterMs: laneRetryMs,
    });
  }
}
