import { formatPipelineRef, refOf } from '../../../domain/pipeline/pipeline';
import { type AuditRecord } from '../../../domain/record/audit-record';
import { testedIn } from '../../../domain/lane/source-tests';
import { type PromotionsQuery } from '../../../operator/schemas/promotions';
import { makeCursor, readCursor } from '../../../read-model/cursor';
import { promotionDetails, promotionSummary } from '../../../read-model/promotion-details';
import { readShownGates, readShownHead } from '../../../read-model/shown-gates-schema';
import { type ListedPromotion } from '../../../temporal/promotion-reader';
import { type Handlers } from '../operator-request';
import { Refusal } from '../refusal';
import { sightOf } from '../rights';
import { type HandlerParts } from './handler-parts';
import { refusingCursors } from './pipelines';

type Parts = Pick<HandlerParts, 'access' | 'model' | 'acts' | 'promotions' | 'temporalPage' | 'tracePage'>;

/** Pages of Temporal for one of ours, where most of what they have is not for the caller. */
const mostPages = 5;
const list = 'promotions';

export function promotionHandlers(parts: Parts): Pick<Handlers, 'listPromotions' | 'getPromotion'> {
  const { access, model, promotions, temporalPage, tracePage } = parts;
  return {
    async listPromotions({ caller, query }) {
      const { limit, cursor, actor, ...rest } = query;
      const named = query.pipeline === undefined ? undefined : refOf(query.pipeline);
      const sight = await sightOf(access, caller, model.namespaces(), named);
      const wants = await decidedBy(parts, query);
      const filter = {
        ...rest,
        pipeline: named,
        since: rest.since === undefined ? undefined : Date.parse(rest.since),
        until: rest.until === undefined ? undefined : Date.parse(rest.until),
      };
      const binding = { ...rest, actor };
      const [start] = refusingCursors(() => (cursor === undefined ? [] : readCursor(list, binding, cursor)));
      const items: ListedPromotion[] = [];
      let page = start;
      for (let read = 0; read < mostPages && items.length < limit; read += 1) {
        const found = await promotions.list(filter, limit - items.length, page);
        const seen = found.items.filter((each) => sight.sees(each.task.pipeline) && wants(each));
        items.push(...seen);
        page = found.next;
        if (page === undefined) break;
      }
      return {
        items: items.map(promotionSummary),
        ...(page === undefined ? {} : { next: makeCursor(list, binding, [page]) }),
        ...model.freshness(),
      };
    },

    async getPromotion({ params: { id } }) {
      const promotion = await promotions.get(id);
      if (promotion === undefined) {
        throw new Refusal('not-found', 'There is no such promotion, or Temporal no longer remembers it.');
      }
      const { pipeline, to } = promotion.task;
      // The right was checked on the Pipeline that the id names.
      if (!id.startsWith(`promotion/${formatPipelineRef(pipeline)}/`)) {
        throw new Refusal('not-found', 'There is no such promotion.');
      }
      const [records, gates, head, tests] = await Promise.all([
        recordsOf(parts, promotion),
        gatesOf(parts, promotion),
        headOf(parts, promotion),
        testsOf(parts, promotion),
      ]);
      return promotionDetails({
        promotion,
        lane: model.lane(pipeline, to),
        records,
        gates,
        head,
        tests,
        freshness: model.freshness(),
        page: temporalPage(id),
        tracePage: tracePage(promotion.task.traceparent),
      });
    },
  };
}

/** A promotion that older code runs knows no such question. */
async function gatesOf({ promotions, model }: Parts, { workflowId, ended }: ListedPromotion) {
  if (ended || model.freshness().workers === 'silent') return undefined;
  return readShownGates(await promotions.closedGates(workflowId).catch(() => undefined));
}

/** Of its pull request. @returns undefined: there is none, or it did not answer */
async function headOf({ promotions, model }: Parts, { workflowId, ended }: ListedPromotion) {
  if (ended || model.freshness().workers === 'silent') return undefined;
  return readShownHead(await promotions.proposedHead(workflowId).catch(() => undefined));
}

/** Of the version in its environment, which the lane into the next one keeps. @returns undefined: none are known */
async function testsOf({ acts, model }: Parts, { task, ended }: ListedPromotion) {
  if (!ended || model.freshness().workers === 'silent') return undefined;
  const { environments = [] } = model.pipeline(task.pipeline)?.summary ?? {};
  const next = environments[environments.findIndex(({ name }) => name === task.to) + 1];
  if (next?.changedAt === undefined || next.name === task.to) return undefined;
  const state = await acts.laneState(task.pipeline, next.name).catch(() => undefined);
  return state && testedIn(state, task.version);
}

/** Of its lane; the rest of the answer does not need it. */
async function recordsOf({ acts, model }: Parts, { task }: ListedPromotion): Promise<readonly AuditRecord[]> {
  if (model.freshness().workers === 'silent') return [];
  return (await acts.records(task.pipeline, task.to).catch(() => undefined)) ?? [];
}

/** @throws Refusal bad-request without a Pipeline, whose lanes' records say who decided */
async function decidedBy(
  { acts, model }: Parts,
  { actor, pipeline, environment }: PromotionsQuery,
): Promise<(promotion: ListedPromotion) => boolean> {
  if (actor === undefined) return () => true;
  if (pipeline === undefined) {
    throw new Refusal('bad-request', 'query.actor: name the Pipeline as well, with pipeline=NAMESPACE/NAME.');
  }
  const ref = refOf(pipeline);
  const found = new Set<string>();
  for (const lane of model.lanes()) {
    if (formatPipelineRef(lane.pipeline) !== pipeline) continue;
    if (environment !== undefined && lane.environment !== environment) continue;
    for (const { by, version } of (await acts.records(ref, lane.environment)) ?? []) {
      if (by === actor && version !== undefined) found.add(`${lane.environment} ${version}`);
    }
  }
  return ({ task }) => found.has(`${task.to} ${task.version}`) || task.request?.actor.name === actor;
}
