/** One promotion, as far as its history, its lane and the lane's record tell it. */
import { type ShownGate } from '../domain/gates/shown-gate';
import { type LaneView } from '../domain/lane/lane-view';
import { describeEnd } from '../domain/promotion/sentences';
import { plainSentence } from '../domain/rich-text';
import { type AuditRecord } from '../domain/record/audit-record';
import { type PromotionDetails, type PromotionSummary } from '../operator/schemas/promotions';
import { type ListedPromotion } from '../temporal/promotion-reader';
import { type PromotionHistory } from '../temporal/promotion-history';
import { auditEntry } from './audit-entries';
import { type Freshness } from './lane-follower';

export interface PromotionSources {
  readonly promotion: ListedPromotion & { readonly history: PromotionHistory };
  /** Of its environment. */
  readonly lane: LaneView | undefined;
  /** Of its lane, newest first. */
  readonly records: readonly AuditRecord[];
  /** Those of its gates that are closed; undefined: it did not answer. */
  readonly gates: readonly ShownGate[] | undefined;
  /** The commit of its pull request; undefined: there is none, or it did not answer. */
  readonly head?: string | undefined;
  /** The Helm tests of the version in its environment; undefined: none are known. */
  readonly tests?: { readonly outcome: 'passed' | 'failed'; readonly at: number } | undefined;
  readonly freshness: Freshness;
  /** In the Temporal Web UI. */
  readonly page: string | undefined;
  /** The page of its trace. */
  readonly tracePage?: string | undefined;
}

const time = (at: number): string => new Date(at).toISOString();

export function promotionSummary(promotion: ListedPromotion): PromotionSummary {
  const { workflowId, task, state, ended, startedAt, endedAt } = promotion;
  const requesters = [task.request?.actor.name, ...(task.requestedBy ?? [])].filter(
    (name) => name !== undefined,
  );
  return {
    id: workflowId,
    namespace: task.pipeline.namespace,
    pipeline: task.pipeline.name,
    from: task.from,
    environment: task.to,
    version: task.version,
    action: task.action,
    state,
    ended,
    startedAt: time(startedAt),
    ...(endedAt === undefined ? {} : { endedAt: time(endedAt) }),
    requestedBy: [...new Set(requesters)],
  };
}

export function promotionDetails(sources: PromotionSources): PromotionDetails {
  const { promotion, lane, freshness, page, tracePage } = sources;
  const { task, history } = promotion;
  const acting =
    lane?.acting?.identity === task.event.identity && lane.acting.version === task.version
      ? lane.acting
      : undefined;
  const records = sources.records.filter(({ version }) => version === task.version);
  const sentence = sentenceOf(sources, acting);
  const pullRequest = pullRequestOf(sources, acting);
  const approvals = history.decisions.filter(({ kind }) => kind === 'approved');
  const names = history.decisions.map(({ by }) => by);
  const people = new Map(names.map((name) => [name, viaOf(name, records)]));
  return {
    ...promotionSummary(promotion),
    ...(sentence === undefined ? {} : { sentence }),
    timeline: timelineOf(sources),
    attempts: history.attempts.map(({ at, outcome, code, reason }, index) => ({
      number: index + 1,
      at: time(at),
      outcome,
      ...(code === undefined ? {} : { code }),
      ...(reason === undefined ? {} : { reason }),
    })),
    gates: gatesOf(sources, acting),
    approvals: approvals.map(({ by, at, head }) => ({
      by,
      at: time(at),
      ...(head === undefined ? {} : { head }),
    })),
    people: [...people].map(([name, via]) => ({ name, ...(via === undefined ? {} : { via }) })),
    records: records.map((record) => auditEntry(placeOf(promotion), record)),
    ...(pullRequest === undefined ? {} : { pullRequest }),
    links: {
      ...(pullRequest === undefined ? {} : { pullRequest: pullRequest.url }),
      ...(page === undefined ? {} : { temporal: page }),
      ...(tracePage === undefined ? {} : { trace: tracePage }),
    },
    ...freshness,
  };
}

function placeOf({ task }: ListedPromotion) {
  return { namespace: task.pipeline.namespace, pipeline: task.pipeline.name, environment: task.to };
}

type Acting = LaneView['acting'];

/** Where the promotion does not answer, what its lane knows stands for all of them. */
function gatesOf({ promotion, gates }: PromotionSources, acting: Acting): PromotionDetails['gates'] {
  if (promotion.ended) return [];
  if (gates !== undefined) {
    return gates.map(({ gate, says, until, excluded }) => ({
      gate,
      says,
      ...(until === undefined ? {} : { until: time(until) }),
      ...(excluded === undefined ? {} : { excluded: [...excluded] }),
    }));
  }
  if (acting?.waits === undefined || acting.state === undefined) return [];
  return [{ gate: acting.state, says: acting.waits }];
}

function sentenceOf({ promotion, lane }: PromotionSources, acting: Acting): string | undefined {
  const { task, history } = promotion;
  const { outcome, failure } = history;
  if (outcome !== undefined) return plainSentence(describeEnd(task, outcome));
  if (failure !== undefined) return `${failure.code}: ${failure.reason}`;
  if (promotion.state === 'cancelled') return plainSentence(describeEnd(task, { state: 'cancelled' }));
  const settles = lane?.settling?.identity === task.event.identity && lane.settling.version === task.version;
  return acting?.waits ?? (acting !== undefined || settles ? lane?.sentence : undefined);
}

function pullRequestOf(
  { promotion, head }: PromotionSources,
  acting: Acting,
): PromotionDetails['pullRequest'] {
  const { outcome } = promotion.history;
  if (outcome !== undefined && 'url' in outcome && 'number' in outcome) {
    return { url: outcome.url, number: outcome.number };
  }
  if (acting?.proposal === undefined) return undefined;
  const { url, number } = acting.proposal;
  return { url, number, ...(head === undefined ? {} : { head }) };
}

function timelineOf({ promotion, tests }: PromotionSources): PromotionDetails['timeline'] {
  const { task, history, startedAt, endedAt, state } = promotion;
  const reported = { step: 'reported', at: Math.min(task.event.at, startedAt), by: task.event.object };
  const steps = history.steps.map(({ state: step, at }) => ({ step, at }));
  const decisions = history.decisions.map(({ kind: step, by, at, detail }) => ({
    step,
    at,
    by,
    ...(detail === undefined ? {} : { detail }),
  }));
  // An operator who cancels or terminates it leaves no state in its history.
  const stopped =
    state === 'cancelled' && endedAt !== undefined && steps.at(-1)?.step !== 'cancelled'
      ? [{ step: 'cancelled', at: endedAt }]
      : [];
  const deployed = history.steps.some(({ state: step }) => step === 'deployed');
  const tested =
    tests === undefined || !deployed
      ? []
      : [
          {
            step: tests.outcome === 'passed' ? 'verified' : 'tests-failed',
            at: tests.at,
            detail: `Helm tests in ${task.to}`,
          },
        ];
  return [reported, ...steps, ...decisions, ...stopped, ...tested]
    .sort((a, b) => a.at - b.at)
    .map((entry) => ({ ...entry, at: time(entry.at) }));
}

function viaOf(name: string, records: readonly AuditRecord[]): AuditRecord['via'] {
  return records.find((record) => record.by === name && record.via !== undefined)?.via;
}
