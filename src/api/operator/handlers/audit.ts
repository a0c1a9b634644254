/** Who decided what: asked of every lane in scope, and of the Freezes. */
import { type LaneView } from '../../../domain/lane/lane-view';
import { type AuditRecord } from '../../../domain/record/audit-record';
import { refOf } from '../../../domain/pipeline/pipeline';
import { type Audit, type AuditQuery } from '../../../operator/schemas/audit';
import { type PlacedRecord, selectRecords } from '../../../read-model/audit-entries';
import { laneId } from '../../../workflows/contract/ids';
import { type Handlers } from '../operator-request';
import { type Sight, sightOf } from '../rights';
import { freezeRecords } from './freeze-records';
import { type HandlerParts } from './handler-parts';

type Parts = Pick<HandlerParts, 'access' | 'model' | 'acts' | 'freezes'>;

/** Lanes asked at once. */
const concurrent = 12;
/** The whole of it: what has not answered by then is named as silent. */
const limitMs = 20_000;
/** A lane's record has at most so many lines: one that is full has forgotten what was before. */
const fullRecord = 200;

export function auditHandlers(parts: Parts): Pick<Handlers, 'audit'> {
  return {
    async audit({ caller, query }) {
      const { access, model } = parts;
      const named = query.pipeline === undefined ? undefined : refOf(query.pipeline);
      const namespaces = query.namespace === undefined ? model.namespaces() : [query.namespace];
      const sight = await sightOf(access, caller, namespaces, named);
      const lanes = [...model.lanes()].filter((lane) => isInScope(lane, query, sight));
      const asked = await askAll(parts, lanes);
      const ofFreezes = query.environment === undefined ? await freezeRecords(parts, sight) : [];
      const selected = selectRecords([...asked.records, ...ofFreezes], query);
      return {
        records: selected.records,
        complete: selected.complete && asked.silent.length === 0,
        beginnings: beginningsOf(asked.lanes, query),
        silent: asked.silent,
      };
    },
  };
}

function isInScope({ pipeline, environment, changedAt }: LaneView, query: AuditQuery, sight: Sight): boolean {
  return (
    sight.sees(pipeline) &&
    (query.namespace === undefined || pipeline.namespace === query.namespace) &&
    (query.environment === undefined || environment === query.environment) &&
    // A line is a change.
    (query.since === undefined || changedAt >= Date.parse(query.since))
  );
}

interface Asked {
  readonly lanes: readonly { readonly lane: LaneView; readonly records: readonly AuditRecord[] }[];
  readonly records: readonly PlacedRecord[];
  readonly silent: string[];
}

async function askAll({ acts, model }: Parts, lanes: readonly LaneView[]): Promise<Asked> {
  const answered: { lane: LaneView; records: readonly AuditRecord[] }[] = [];
  const silent: string[] = [];
  const left = [...lanes];
  const deadline = performance.now() + limitMs;
  let isSilent = model.freshness().workers === 'silent';
  const ask = async (): Promise<void> => {
    for (let lane = left.pop(); lane !== undefined; lane = left.pop()) {
      const { pipeline, environment } = lane;
      try {
        if (isSilent || performance.now() > deadline) throw new Error('No time is left.');
        answered.push({ lane, records: (await acts.records(pipeline, environment)) ?? [] });
      } catch {
        silent.push(laneId(pipeline, environment));
        // Each of the others would take seconds as well.
        isSilent ||= answered.length === 0 && silent.length >= concurrent;
      }
    }
  };
  await Promise.all(Array.from({ length: concurrent }, ask));
  const records = answered.flatMap(({ lane: { pipeline, environment }, records: ofLane }) =>
    ofLane.map((record) => ({
      place: { namespace: pipeline.namespace, pipeline: pipeline.name, environment },
      record,
    })),
  );
  return { lanes: answered, records, silent: silent.sort() };
}

function beginningsOf(lanes: Asked['lanes'], { since }: AuditQuery): Audit['beginnings'] {
  const from = since === undefined ? -Infinity : Date.parse(since);
  return lanes.flatMap(({ lane: { pipeline, environment }, records }) => {
    const oldest = records.at(-1)?.at;
    if (oldest === undefined || records.length < fullRecord || oldest <= from) return [];
    return [
      {
        namespace: pipeline.namespace,
        pipeline: pipeline.name,
        environment,
        since: new Date(oldest).toISOString(),
      },
    ];
  });
}
