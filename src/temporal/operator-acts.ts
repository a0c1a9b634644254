/** What people decide, as updates of lanes and promotions, each answered by a worker. */
import {
  type Client,
  isGrpcServiceError,
  QueryNotRegisteredError,
  type WorkflowHandle,
  WithStartWorkflowOperation,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { type UpdateDefinition, type Workflow, WorkflowNotFoundError } from '@temporalio/common';
import { type DecisionInput } from '../domain/approvals/decision';
import { type OverrideInput } from '../domain/approvals/override';
import { type LaneState } from '../domain/lane/lane-state';
import { type PipelineRef } from '../domain/pipeline/pipeline';
import { type AuditRecord } from '../domain/record/audit-record';
import { type KeptRecords, mostRecords } from '../domain/record/record-list';
import { laneId, laneWorkflow } from '../workflows/contract/ids';
import {
  type ActAnswer,
  actUpdate,
  type Approval,
  type ApprovalAnswer,
  approveUpdate,
  keptRecordsQuery,
  type LaneAct,
  laneStateQuery,
  overrideUpdate,
  promoteUpdate,
  recordSignal,
  recordsQuery,
  rejectUpdate,
} from '../workflows/contract/messages';
import { currentTraceparent, inSpan } from '../tracing/spans';
import { TemporalUnavailable } from './lane-reporter';
import { laneOptions } from './lane-options';
import { pollingWorkers } from './polling-workers';

/** The workflow said no; the message is its sentence. */
export class ActRefused extends Error {
  override readonly name = 'ActRefused';
}

/** Temporal answers, but no worker does. The message says whether the act may still happen. */
export class NoWorkerAnswers extends Error {
  override readonly name = 'NoWorkerAnswers';
}

/** Each method: @throws ActRefused, NoWorkerAnswers, TemporalUnavailable */
export interface OperatorActs {
  /** The state of the lane into `environment`; undefined: there is no such lane. */
  laneState(pipeline: PipelineRef, environment: string): Promise<LaneState | undefined>;
  /** Its record, newest first; undefined: there is no such lane. */
  records(pipeline: PipelineRef, environment: string): Promise<readonly AuditRecord[] | undefined>;
  /** The same, with what it has forgotten. */
  keptRecords(pipeline: PipelineRef, environment: string): Promise<KeptRecords | undefined>;
  /**
   * Has the lane act. The same `key` twice is one act.
   * @param start makes the lane if there is none; else `undefined` is answered
   */
  act(
    pipeline: PipelineRef,
    environment: string,
    act: LaneAct,
    start: boolean,
  ): Promise<ActAnswer | undefined>;
  /** @param promotion its workflow id @param updateId the same twice is answered alike */
  approve(promotion: string, decision: DecisionInput, updateId: string): Promise<ApprovalAnswer>;
  /** Of `manual: true`. */
  approveManual(promotion: string, approval: Approval, updateId: string): Promise<void>;
  reject(promotion: string, decision: DecisionInput, updateId: string): Promise<string>;
  override(promotion: string, override: OverrideInput, updateId: string): Promise<string>;
  /**
   * What a promotion answered to an update before, although it may have ended; needs no worker.
   * @returns undefined: it has taken no update of this id
   */
  taken(promotion: string, updateId: string): Promise<{ readonly answer: unknown } | undefined>;
  /** Adds to the record of a lane, if there is one; needs no worker. */
  record(pipeline: PipelineRef, environment: string, records: readonly AuditRecord[]): Promise<void>;
}

/** A person waits, and HTTP proxies give up after 30 s or more. */
const actLimitMs = 10_000;
const queryLimitMs = 4_000;
/** https://grpc.io/docs/guides/status-codes/ */
const deadlineExceeded = 4;
const failedPrecondition = 9;

export function createOperatorActs(client: Client): OperatorActs {
  const ask = async <T>(call: () => Promise<T>, limitMs = actLimitMs, mayHappen = true): Promise<T> => {
    try {
      return await client.connection.withDeadline(Date.now() + limitMs, call);
    } catch (error) {
      throw await whyNot(client, error, limitMs, mayHappen);
    }
  };
  const update = <Result, Input>(
    workflowId: string,
    definition: UpdateDefinition<Result, [Input]>,
    input: Input,
    updateId: string,
  ): Promise<Result> =>
    inSpan(
      `update ${definition.name}`,
      { kind: 'client', attributes: { 'windlass.workflow': workflowId } },
      () =>
        ask(() =>
          client.workflow
            .getHandle(workflowId)
            .executeUpdate<Result, [Input, string?]>(definition.name, { args: withTrace(input), updateId }),
        ),
    );
  const decide = async <Result, Input>(
    promotion: string,
    definition: UpdateDefinition<Result, [Input]>,
    input: Input,
    updateId: string,
  ): Promise<Result> => {
    try {
      return await update(promotion, definition, input, updateId);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      throw new ActRefused('This promotion has ended.', { cause: error });
    }
  };
  const query = async <T>(call: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await ask(call, queryLimitMs, false);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    }
  };
  const lane = (pipeline: PipelineRef, environment: string) =>
    client.workflow.getHandle(laneId(pipeline, environment));

  return {
    laneState: (pipeline, environment) => query(() => lane(pipeline, environment).query(laneStateQuery)),
    records: (pipeline, environment) => query(() => lane(pipeline, environment).query(recordsQuery)),
    keptRecords: (pipeline, environment) => query(() => keptRecordsOf(lane(pipeline, environment))),
    async act(pipeline, environment, act, start) {
      try {
        return await update(laneId(pipeline, environment), actUpdate, act, act.key);
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        if (!start) return undefined;
        return ask(() => actWithStart(client, pipeline, environment, act));
      }
    },
    approve: (promotion, decision, updateId) => decide(promotion, approveUpdate, decision, updateId),
    approveManual: async (promotion, approval, updateId) => {
      await decide(promotion, promoteUpdate, approval, updateId);
    },
    reject: (promotion, decision, updateId) => decide(promotion, rejectUpdate, decision, updateId),
    override: (promotion, override, updateId) => decide(promotion, overrideUpdate, override, updateId),
    taken: async (promotion, updateId) => {
      const handle = client.workflow.getHandle(promotion).getUpdateHandle(updateId);
      try {
        return await ask(async () => ({ answer: await handle.result() }));
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return undefined;
        throw error;
      }
    },
    async record(pipeline, environment, records) {
      try {
        await ask(() => lane(pipeline, environment).signal(recordSignal, records));
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    },
  };
}

async function keptRecordsOf(lane: WorkflowHandle): Promise<KeptRecords> {
  try {
    return await lane.query(keptRecordsQuery);
  } catch (error) {
    if (!(error instanceof QueryNotRegisteredError)) throw error;
    // Of an older worker: a list that is full has most probably forgotten something.
    const records = await lane.query(recordsQuery);
    const oldest = records.at(-1)?.at;
    return {
      records,
      ...(oldest === undefined || records.length < mostRecords ? {} : { forgotBefore: oldest }),
    };
  }
}

/** Into an environment that nothing was promoted into so far. */
function actWithStart(
  client: Client,
  pipeline: PipelineRef,
  environment: string,
  act: LaneAct,
): Promise<ActAnswer> {
  const options = laneOptions(pipeline, environment, false);
  return client.workflow.executeUpdateWithStart<Workflow, ActAnswer, [LaneAct, string?]>(actUpdate.name, {
    args: withTrace(act),
    updateId: act.key,
    startWorkflowOperation: new WithStartWorkflowOperation(laneWorkflow, {
      ...options,
      workflowIdConflictPolicy: 'USE_EXISTING',
    }),
  });
}

/** An act, and the trace of the request that asks for it. */
function withTrace<Input>(input: Input): [Input, string?] {
  const traceparent = currentTraceparent();
  return traceparent === undefined ? [input] : [input, traceparent];
}

/** What the caller gets to know of a call that failed. */
async function whyNot(client: Client, error: unknown, limitMs: number, mayHappen: boolean): Promise<unknown> {
  if (error instanceof WorkflowUpdateFailedError) {
    const message = error.cause?.message ?? error.message;
    return message.startsWith('No registered handler')
      ? new NoWorkerAnswers(
          'The workers are of a version that does not know this act: upgrade them, then retry.',
        )
      : new ActRefused(message, { cause: error });
  }
  if (error instanceof WorkflowNotFoundError) return error;
  const late = isLate(error);
  if (!late && !isGrpc(error)) return error;
  // Whether Temporal or the worker is away, only another question to Temporal tells.
  const workers = await pollingWorkers(client).catch(() => undefined);
  if (workers === undefined || (!late && workers)) {
    return new TemporalUnavailable('The act could not be sent to Temporal.', { cause: error });
  }
  const seconds = limitMs / 1_000;
  return new NoWorkerAnswers(
    mayHappen
      ? `No worker answered within ${seconds} s, so it may still happen: start a worker, then repeat the request with the same Idempotency-Key.`
      : 'No worker answers for this environment: start a worker, then retry. Nothing has happened.',
    { cause: error },
  );
}

function isLate(error: unknown): boolean {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
  const code = grpcCode(error);
  // A query to a task queue that no worker has polled for a while.
  return code === deadlineExceeded || code === failedPrecondition;
}

function isGrpc(error: unknown): boolean {
  return grpcCode(error) !== undefined;
}

function grpcCode(error: unknown): number | undefined {
  if (isGrpcServiceError(error)) return error.code;
  const cause = error instanceof Error ? error.cause : undefined;
  return isGrpcServiceError(cause) ? cause.code : undefined;
}
