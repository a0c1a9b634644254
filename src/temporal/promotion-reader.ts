/** Promotions as Temporal remembers them. */
import { type Client, isGrpcServiceError, type WorkflowExecutionInfo } from '@temporalio/client';
import { executionInfoFromRaw } from '@temporalio/client/lib/helpers';
import { type QueryDefinition, WorkflowNotFoundError } from '@temporalio/common';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow';
import { formatPipelineRef, type PipelineRef } from '../domain/pipeline/pipeline';
import { type PromotionTask } from '../domain/promotion/promotion';
import { promotionWorkflow } from '../workflows/contract/ids';
import { closedGatesQuery, type PromotionMemo, proposedHeadQuery } from '../workflows/contract/messages';
import {
  environmentAttribute,
  keyword,
  pipelineAttribute,
  stateAttribute,
  versionAttribute,
} from '../workflows/contract/search-attributes';
import { TemporalUnavailable } from './lane-reporter';
import { type PromotionHistory, readPromotionHistory } from './promotion-history';

export interface PromotionFilter {
  readonly pipeline?: PipelineRef | undefined;
  readonly environment?: string | undefined;
  readonly state?: string | undefined;
  readonly version?: string | undefined;
  /** Started then or later, milliseconds since the epoch. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

export interface ListedPromotion {
  readonly workflowId: string;
  readonly task: PromotionTask;
  /** Its `WindlassState`; `cancelled` where an operator ended it. */
  readonly state: string;
  readonly ended: boolean;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt?: number;
}

export interface PromotionReader {
  /**
   * A page, newest first; from visibility, so a second or so old.
   * @param page what `next` of the page before was
   * @throws TemporalUnavailable
   */
  list(
    filter: PromotionFilter,
    limit: number,
    page?: string,
  ): Promise<{ readonly items: readonly ListedPromotion[]; readonly next?: string }>;
  /** @returns undefined: Temporal does not remember it @throws TemporalUnavailable */
  get(workflowId: string): Promise<(ListedPromotion & { readonly history: PromotionHistory }) | undefined>;
  /**
   * What a running promotion answers to the question which of its gates are closed: a list of `ShownGate`, if it answers
   * truly. The caller checks it.
   * @throws an error of Temporal, also where no worker answers within 4 s, or only an older one
   */
  closedGates(workflowId: string): Promise<unknown>;
  /** The same for the commit of its pull request, an id. */
  proposedHead(workflowId: string): Promise<unknown>;
}

const limitMs = 10_000;
const queryLimitMs = 4_000;
/** That of every client of Windlass. */
const dataConverter = loadDataConverter();

export function createPromotionReader(client: Client): PromotionReader {
  const ask = (workflowId: string, query: QueryDefinition<unknown>): Promise<unknown> =>
    client.connection.withDeadline(Date.now() + queryLimitMs, () =>
      client.workflow.getHandle(workflowId).query(query),
    );
  return {
    list: (filter, limit, page) => available(client, () => listPage(client, filter, limit, page)),
    get: (workflowId) =>
      available(client, async () => {
        try {
          const description = await client.workflow.getHandle(workflowId).describe();
          const listed = listedOf(description);
          if (listed === undefined) return undefined;
          return { ...listed, history: await readPromotionHistory(client, description) };
        } catch (error) {
          if (error instanceof WorkflowNotFoundError) return undefined;
          throw error;
        }
      }),
    closedGates: (workflowId) => ask(workflowId, closedGatesQuery),
    proposedHead: (workflowId) => ask(workflowId, proposedHeadQuery),
  };
}

async function available<T>(client: Client, call: () => Promise<T>): Promise<T> {
  try {
    return await client.connection.withDeadline(Date.now() + limitMs, call);
  } catch (error) {
    const isGrpc = isGrpcServiceError(error) || (error instanceof Error && isGrpcServiceError(error.cause));
    if (!isGrpc) throw error;
    throw new TemporalUnavailable('Promotions could not be read from Temporal.', { cause: error });
  }
}

async function listPage(client: Client, filter: PromotionFilter, limit: number, page: string | undefined) {
  const { executions, nextPageToken } = await client.workflowService.listWorkflowExecutions({
    namespace: client.options.namespace,
    query: queryOf(filter),
    pageSize: limit,
    ...(page === undefined ? {} : { nextPageToken: Buffer.from(page, 'base64url') }),
  });
  const infos = await Promise.all(
    executions.map((raw) => executionInfoFromRaw(raw, dataConverter, raw, client.options.namespace)),
  );
  const items = infos.flatMap((info) => {
    const listed = listedOf(info);
    return listed === undefined || listed.state === 'yielded' ? [] : [listed];
  });
  const next = nextPageToken.length === 0 ? {} : { next: Buffer.from(nextPageToken).toString('base64url') };
  return { items, ...next };
}

function queryOf({ pipeline, environment, state, version, since, until }: PromotionFilter): string {
  const equal = (key: { readonly name: string }, text: string): string =>
    `${key.name} = ${quoted(keyword(text))}`;
  return [
    `WorkflowType = '${promotionWorkflow}'`,
    // The runs of one that continued as new are one promotion.
    `ExecutionStatus != 'ContinuedAsNew'`,
    ...(pipeline === undefined ? [] : [equal(pipelineAttribute, formatPipelineRef(pipeline))]),
    ...(environment === undefined ? [] : [equal(environmentAttribute, environment)]),
    ...(version === undefined ? [] : [equal(versionAttribute, version)]),
    ...(state === undefined ? [] : [equal(stateAttribute, state)]),
    ...(since === undefined ? [] : [`StartTime >= '${new Date(since).toISOString()}'`]),
    ...(until === undefined ? [] : [`StartTime <= '${new Date(until).toISOString()}'`]),
  ].join(' AND ');
}

/** A literal of Temporal's list filter, whose grammar is that of MySQL. */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** @returns undefined: it is no promotion, or of someone else's making */
function listedOf(info: Omit<WorkflowExecutionInfo, 'raw'>): ListedPromotion | undefined {
  const { task } = (info.memo ?? {}) as Partial<PromotionMemo>;
  if (info.type !== promotionWorkflow || task === undefined) return undefined;
  const { name } = info.status;
  const stopped = name === 'CANCELLED' || name === 'TERMINATED' || name === 'TIMED_OUT';
  const shown = info.typedSearchAttributes.get(stateAttribute);
  return {
    workflowId: info.workflowId,
    task,
    state: stopped ? 'cancelled' : (shown ?? 'resolving'),
    ended: name !== 'RUNNING',
    startedAt: info.startTime.getTime(),
    ...(info.closeTime === undefined ? {} : { endedAt: info.closeTime.getTime() }),
  };
}
