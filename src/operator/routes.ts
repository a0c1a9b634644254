/**
 * Every route of the API. The server, the client of the CLI, the OpenAPI document and the tests of rights are made from this
 * table.
 */
import { type z } from 'zod';
import { type Verb } from '../domain/people/rights';
import * as acts from './schemas/acts';
import { audit, auditQuery } from './schemas/audit';
import { facets } from './schemas/facets';
import { figures, figuresQuery } from './schemas/figures';
import { freezeList, freezePath, freezesQuery, newFreeze } from './schemas/freezes';
import { me, meQuery } from './schemas/people';
import { pipelineDetails, pipelinePage, pipelinePath, pipelinesQuery } from './schemas/pipelines';
import { promotionDetails, promotionPage, promotionPath, promotionsQuery } from './schemas/promotions';
import { eventsQuery } from './schemas/events';

/**
 * Where the verb must be allowed. `pipeline`: on the Pipeline in the path. `promotion`: on that of the promotion in the path.
 * `namespace`: in the one of the body or path. `each`: of what is listed, the rest is left out. `caller`: everyone who is
 * known may ask about themselves.
 */
export type Right =
  | { readonly verb: Verb; readonly on: 'pipeline' | 'promotion' | 'namespace' | 'each' }
  | { readonly on: 'caller' };

export interface Route {
  readonly method: 'get' | 'post' | 'delete';
  /** Below `/api/v1`, with `{name}` for each parameter. */
  readonly path: string;
  readonly right: Right;
  readonly summary: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  /** Absent: a stream of server-sent events. */
  readonly answer?: z.ZodType;
}

const onEnvironment = { method: 'post', params: acts.environmentPath, answer: acts.done } as const;
const environmentPath = '/pipelines/{namespace}/{name}/environments/{environment}';
const onPipeline = { method: 'post', params: pipelinePath, answer: acts.done } as const;

export const routes = {
  me: {
    method: 'get',
    path: '/me',
    right: { on: 'caller' },
    summary: 'Who the token is, and what it may do in a namespace or on a Pipeline',
    query: meQuery,
    answer: me,
  },
  listPipelines: {
    method: 'get',
    path: '/pipelines',
    right: { verb: 'get', on: 'each' },
    summary: 'What runs where, what is proposed, what waits',
    query: pipelinesQuery,
    answer: pipelinePage,
  },
  getPipeline: {
    method: 'get',
    path: '/pipelines/{namespace}/{name}',
    right: { verb: 'get', on: 'pipeline' },
    summary: 'A Pipeline, environment by environment',
    params: pipelinePath,
    answer: pipelineDetails,
  },
  facets: {
    method: 'get',
    path: '/facets',
    right: { verb: 'get', on: 'each' },
    summary: 'Namespaces, environments and labels that lists of Pipelines can be filtered by',
    answer: facets,
  },
  listPromotions: {
    method: 'get',
    path: '/promotions',
    right: { verb: 'get', on: 'each' },
    summary: 'Promotions that Temporal remembers, newest first',
    query: promotionsQuery,
    answer: promotionPage,
  },
  getPromotion: {
    method: 'get',
    path: '/promotions/{id}',
    right: { verb: 'get', on: 'promotion' },
    summary: 'A promotion: timeline, attempts, gates, people, links',
    params: promotionPath,
    answer: promotionDetails,
  },
  listFreezes: {
    method: 'get',
    path: '/freezes',
    right: { verb: 'get', on: 'each' },
    summary: 'What is frozen, by whom, why, until when',
    query: freezesQuery,
    answer: freezeList,
  },
  audit: {
    method: 'get',
    path: '/audit',
    right: { verb: 'get', on: 'each' },
    summary: 'Who decided what, and what came of it',
    query: auditQuery,
    answer: audit,
  },
  figures: {
    method: 'get',
    path: '/figures',
    right: { verb: 'get', on: 'each' },
    summary: 'Lead times, failures, rollbacks and what waits, from the records of lanes',
    query: figuresQuery,
    answer: figures,
  },
  events: {
    method: 'get',
    path: '/events',
    right: { verb: 'get', on: 'each' },
    summary: 'Changes as server-sent events; Last-Event-ID continues after a broken connection',
    query: eventsQuery,
  },
  approve: {
    ...onEnvironment,
    path: `${environmentPath}/approve`,
    right: { verb: 'approve', on: 'pipeline' },
    summary: 'Approve the version that waits',
    body: acts.decision,
  },
  reject: {
    ...onEnvironment,
    path: `${environmentPath}/reject`,
    right: { verb: 'approve', on: 'pipeline' },
    summary: 'Reject the version that waits: it is held until a newer one comes or someone promotes it',
    body: acts.rejection,
  },
  retry: {
    ...onEnvironment,
    path: `${environmentPath}/retry`,
    right: { verb: 'promote', on: 'pipeline' },
    summary: 'Run the last failed promotion again',
    body: acts.retryRequest,
  },
  cancel: {
    ...onEnvironment,
    path: `${environmentPath}/cancel`,
    right: { verb: 'promote', on: 'pipeline' },
    summary: 'Cancel the promotion of a version; its pull request stays open for people',
    body: acts.cancelRequest,
  },
  promote: {
    ...onEnvironment,
    path: `${environmentPath}/promote`,
    right: { verb: 'promote', on: 'pipeline' },
    summary:
      'Promote a version, whether or not the environment before runs it; all gates apply. Not an older one than the environment runs: see rollback',
    body: acts.promoteRequest,
  },
  rollback: {
    ...onEnvironment,
    path: `${environmentPath}/rollback`,
    right: { verb: 'rollback', on: 'pipeline' },
    summary: 'Propose a version that the environment has run, and hold the newer ones',
    body: acts.rollbackRequest,
  },
  override: {
    ...onEnvironment,
    path: `${environmentPath}/override`,
    right: { verb: 'break-glass', on: 'pipeline' },
    summary: 'Open gates for one promotion, with a reason',
    body: acts.overrideRequest,
  },
  suspend: {
    ...onPipeline,
    path: '/pipelines/{namespace}/{name}/suspend',
    right: { verb: 'freeze', on: 'pipeline' },
    summary: 'Suspend the promotions of a Pipeline, or into one environment',
    body: acts.suspendRequest,
  },
  resume: {
    ...onPipeline,
    path: '/pipelines/{namespace}/{name}/resume',
    right: { verb: 'freeze', on: 'pipeline' },
    summary: 'Resume what was suspended with `suspend`',
    body: acts.resumeRequest,
  },
  freeze: {
    method: 'post',
    path: '/freezes',
    right: { verb: 'freeze', on: 'namespace' },
    summary: 'Freeze promotions of a namespace',
    body: newFreeze,
    answer: acts.done,
  },
  unfreeze: {
    method: 'delete',
    path: '/freezes/{namespace}/{name}',
    right: { verb: 'freeze', on: 'namespace' },
    summary: 'End a freeze that was made by the API',
    params: freezePath,
    answer: acts.done,
  },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof routes;

type Parsed<T> = T extends z.ZodType ? z.infer<T> : object;
type Given<T> = T extends z.ZodType ? z.input<T> : object;
type Part<Name extends RouteName, Field extends keyof Route> =
  (typeof routes)[Name] extends Record<Field, infer T> ? T : undefined;

/** What a handler of the server gets, validated. */
export interface Parameters<Name extends RouteName> {
  readonly params: Parsed<Part<Name, 'params'>>;
  readonly query: Parsed<Part<Name, 'query'>>;
  readonly body: Parsed<Part<Name, 'body'>>;
}

/** What a client sends. */
export interface Arguments<Name extends RouteName> {
  readonly params: Given<Part<Name, 'params'>>;
  readonly query: Given<Part<Name, 'query'>>;
  readonly body: Given<Part<Name, 'body'>>;
}

export type Answer<Name extends RouteName> = Parsed<Part<Name, 'answer'>>;

export const basePath = '/api/v1';
/** The header that makes a repeated request the same act: 1 to 128 visible characters. */
export const idempotencyHeader = 'Idempotency-Key';
