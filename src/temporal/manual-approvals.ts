/** Approves promotions that wait because of `manual: true`. Needs a worker: only it can say whether an approval was taken. */
import {
  type Client,
  isGrpcServiceError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { laneAgreement } from '../domain/lane/lane-agreement';
import { type LaneState } from '../domain/lane/lane-state';
import { type Vouching } from '../domain/people/actor';
import { type PipelineRef } from '../domain/pipeline/pipeline';
import { laneId, promotionId } from '../workflows/contract/ids';
import { laneStateQuery, promoteUpdate } from '../workflows/contract/messages';
import { TemporalUnavailable } from './lane-reporter';

export interface ManualApproval {
  readonly pipeline: PipelineRef;
  /** The environment promoted into. */
  readonly environment: string;
  readonly version: string;
  readonly by: string;
  readonly via: Vouching;
  /** The address of the client. */
  readonly from: string;
  /** The same text twice is one approval. */
  readonly request: string;
  /** What vouches for it. @param promotion its workflow id @returns a token; undefined: there is no key */
  readonly capability: (promotion: string) => string | undefined;
}

export type ManualApprovalAnswer =
  | { readonly state: 'approved'; readonly promotion: string }
  /** No promotion of that version is in progress there. */
  | { readonly state: 'none' }
  /** The promotion's own sentence. */
  | { readonly state: 'refused'; readonly says: string };

export interface ManualApprovals {
  /** @throws TemporalUnavailable; NoWorker where none answers within `deadlineMs` milliseconds */
  approve(approval: ManualApproval, deadlineMs: number): Promise<ManualApprovalAnswer>;
}

/** Temporal answers, but no worker does. */
export class NoWorker extends Error {
  override readonly name = 'NoWorker';

  constructor(options: { readonly cause: unknown }) {
    super('No worker answered. Check that windlass worker runs and is connected to Temporal.', options);
  }
}

/** https://grpc.io/docs/guides/status-codes/ */
const grpcUnavailable = 14;

export function createManualApprovals(client: Client): ManualApprovals {
  return {
    async approve(approval, deadlineMs) {
      try {
        return await client.connection.withDeadline(Date.now() + deadlineMs, () => approve(client, approval));
      } catch (error) {
        throw failureOf(error);
      }
    },
  };
}

async function approve(client: Client, approval: ManualApproval): Promise<ManualApprovalAnswer> {
  const { pipeline, environment, version, by, via, from, request, capability } = approval;
  const state = await stateOf(client, laneId(pipeline, environment));
  const task = state?.inHand;
  const isWanted = task?.action === 'promote' && task.version === version;
  if (state === undefined || !isWanted || laneAgreement(state, task) !== 'agrees') return { state: 'none' };
  const promotion = promotionId(pipeline, environment, version, task.event.identity);
  const token = capability(promotion);
  const input = { version, by, via, from, ...(token === undefined ? {} : { capability: token }) };
  try {
    const handle = client.workflow.getHandle(promotion);
    await handle.executeUpdate(promoteUpdate, { args: [input], updateId: request });
    return { state: 'approved', promotion };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { state: 'none' };
    if (!(error instanceof WorkflowUpdateFailedError)) throw error;
    return { state: 'refused', says: error.cause?.message ?? error.message };
  }
}

async function stateOf(client: Client, lane: string): Promise<LaneState | undefined> {
  try {
    return await client.workflow.getHandle(lane).query(laneStateQuery);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

function failureOf(error: unknown): unknown {
  const cause = error instanceof Error && !isGrpcServiceError(error) ? error.cause : error;
  if (isGrpcServiceError(cause)) {
    const code: number = cause.code;
    return code === grpcUnavailable
      ? new TemporalUnavailable(`The approval could not be sent to Temporal (${cause.details}).`, {
          cause: error,
        })
      : new NoWorker({ cause: error });
  }
  return error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ? new NoWorker({ cause: error }) : error;
}
