/** Who decided what: asked of every lane in scope, and of the Freezes. */
import { type LaneView } from '../../../domain/lane/lane-view';
import { refOf } from '../../../domain/pipeline/pipeline';
import { type Audit, type AuditQuery } from '../../../operator/schemas/audit';
import { NewestRecords } from '../../../read-model/audit-entries';
import { TemporalUnavailable } from '../../../temporal/lane-reporter';
import { laneId } from '../../../workflows/contract/ids';
import { type Handlers } from '../operator-request';
import { type Sight, sightOf } from '../rights';
import { freezeRecords } from './freeze-records';
import { type HandlerParts } from './handler-parts';
import { ReadingPlaces } from './reading-places';

type Parts = Pick<HandlerParts, 'access' | 'model' | 'acts' | 'freezes'>;

/** Lanes asked at once. */
const concurrent = 12;
/** The whole of it: what has not answered by then is named as silent. */
const limitMs = 20_000;

export function auditHandlers(parts: Parts): Pick<Handlers, 'audit'> {
  const places = new ReadingPlaces('the record');
  return {
    audit: async ({ caller, query }) =>
      places.use(caller, async () => {
        const { access, model } = parts;
        const named = query.pipeline === undefined ? undefined : refOf(query.pipeline);
        const namespaces = query.namespace === undefined ? model.namespaces() : [query.namespace];
        const sight = await sightOf(access, caller, namespaces, named);
        const lanes = [...model.lanes()].filter((lane) => isInScope(lane, query, sight));
        const newest = new NewestRecords(query);
        if (query.environment === undefined) {
          for (const { place, record } of await freezeRecords(parts, sight)) newest.add(place, [record]);
        }
        const { beginnings, silent, silence } = await askAll(parts, lanes, query, newest);
        const { records, complete } = newest.take();
        return {
          records,
          complete: complete && silent.length === 0,
          beginnings,
          silent: silent.sort(),
          ...(silence === undefined ? {} : { silence }),
        };
      }),
  };
}

function isInScope(lane: LaneView, query: AuditQuery, sight: Sight): boolean {
  const { pipeline, environment, changedAt, recordedAt = 0 } = lane;
  return (
    sight.sees(pipeline) &&
    (query.namespace === undefined || pipeline.namespace === query.namespace) &&
    (query.environment === undefined || environment === query.environment) &&
    // A line is a change. The clock of who acted can be ahead.
    (query.since === undefined || Math.max(changedAt, recordedAt) >= Date.parse(query.since))
  );
}

type Asked = Pick<Audit, 'beginnings' | 'silent' | 'silence'>;

/**
 * Asks each lane, and adds to `newest` what it answers.
 * @throws TemporalUnavailable where no lane could be asked
 */
async function askAll(
  { acts, model }: Parts,
  lanes: readonly LaneView[],
  { since }: AuditQuery,
  newest: NewestRecords,
): Promise<Asked> {
  const from = since === undefined ? -Infinity : Date.parse(since);
  const beginnings: Audit['beginnings'] = [];
  const silent: string[] = [];
  const left = [...lanes];
  const deadline = performance.now() + limitMs;
  let answered = 0;
  let isSilent = model.freshness().workers === 'silent';
  let outage: TemporalUnavailable | undefined;
  const ask = async (): Promise<void> => {
    for (let lane = left.pop(); lane !== undefined; lane = left.pop()) {
      const { pipeline, environment } = lane;
      const place = { namespace: pipeline.namespace, pipeline: pipeline.name, environment };
      try {
        if (isSilent || performance.now() > deadline) throw new Error('No time is left.');
        const { records = [], forgotBefore } = (await acts.keptRecords(pipeline, environment)) ?? {};
        answered += 1;
        newest.add(place, records);
        if (forgotBefore !== undefined && forgotBefore >= from)
          beginnings.push({ ...place, since: new Date(forgotBefore).toISOString() });
      } catch (error) {
        silent.push(laneId(pipeline, environment));
        if (error instanceof TemporalUnavailable) outage = error;
        // Each of the others would take seconds as well.
        isSilent ||= answered === 0 && silent.length >= concurrent;
      }
    }
  };
  await Promise.all(Array.from({ length: concurrent }, ask));
  if (answered === 0 && outage !== undefined) throw outage;
  if (silent.length === 0) return { beginnings, silent };
  // Where others answered, a worker runs.
  return { beginnings, silent, silence: answered === 0 ? 'no-worker' : 'time' };
}
