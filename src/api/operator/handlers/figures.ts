/** Figures from the records of lanes: lead times, what failed, what was rolled back, what waits. */
import { setImmediate } from 'node:timers/promises';
import { FiguresSum } from '../../../domain/figures/figures';
import { type LaneHistory } from '../../../domain/figures/lane-history';
import { type ObservedPipeline } from '../../../domain/figures/lead-times';
import { waitingAges } from '../../../domain/figures/waiting-ages';
import { weekStarts } from '../../../domain/figures/weeks';
import { type LaneView } from '../../../domain/lane/lane-view';
import { formatPipelineRef, refOf } from '../../../domain/pipeline/pipeline';
import { type FiguresQuery } from '../../../operator/schemas/figures';
import { figuresAnswer } from '../../../read-model/figures-answer';
import { LaneHistories } from '../../../read-model/lane-histories';
import { carriesLabels } from '../../../read-model/select-pipelines';
import { type Handlers } from '../operator-request';
import { type Sight, sightOf } from '../rights';
import { type HandlerParts } from './handler-parts';
import { ReadingPlaces } from './reading-places';

type Parts = Pick<HandlerParts, 'access' | 'model' | 'acts' | 'now'>;

/** A small installation is read by then, so that the first answer has all of it. */
const waitMs = 2_000;
/** Pipelines that are added up before others have their turn: some milliseconds. */
const withoutPause = 25;
/** As many weeks before as can be asked for have dates, too. */
const earliest = Date.UTC(2000, 0, 1);

export function figuresHandlers(parts: Parts): Pick<Handlers, 'figures'> {
  const { access, model, acts, now } = parts;
  const histories = new LaneHistories({
    ask: (pipeline, environment) => acts.keptRecords(pipeline, environment),
    now,
  });
  const places = new ReadingPlaces('figures');
  return {
    figures: async ({ caller, query }) =>
      places.use(caller, async () => {
        const named = query.pipeline === undefined ? undefined : refOf(query.pipeline);
        const namespaces = query.namespace === undefined ? model.namespaces() : [query.namespace];
        const sight = await sightOf(access, caller, namespaces, named);
        histories.keep(model.lanes());
        const lanes = lanesInScope(parts, query, sight);
        const isAnswered = model.freshness().workers !== 'silent';
        const read = await histories.read(lanes, waitMs, isAnswered);
        const until = untilOf(query, now());
        const sum = new FiguresSum({ weeks: weekStarts(until, query.weeks), until });
        let added = 0;
        for (const pipeline of observed(parts, lanes, (lane) => read.of(lane))) {
          sum.add(pipeline);
          added += 1;
          if (added % withoutPause === 0) await setImmediate();
        }
        return figuresAnswer({
          figures: sum.take(),
          waiting: waitingAges(lanes, now()),
          lanes: lanes.length,
          read: read.current,
          silence: read.silence,
          until,
          freshness: model.freshness(),
        });
      }),
  };
}

/** Nothing happens later than now, or before there were weeks to count. */
function untilOf({ until }: FiguresQuery, now: number): number {
  if (until === undefined) return now;
  return Math.min(now, Math.max(Date.parse(until), earliest));
}

function lanesInScope({ model }: Parts, query: FiguresQuery, sight: Sight): readonly LaneView[] {
  const { pipeline, namespace, label } = query;
  return [...model.lanes()].filter(
    (lane) =>
      sight.sees(lane.pipeline) &&
      (namespace === undefined || lane.pipeline.namespace === namespace) &&
      (pipeline === undefined || formatPipelineRef(lane.pipeline) === pipeline) &&
      // A Pipeline that is gone has no labels.
      (label === undefined || carriesLabels(model.pipeline(lane.pipeline)?.summary.labels ?? {}, label)),
  );
}

function observed(
  { model }: Parts,
  lanes: readonly LaneView[],
  historyOf: (lane: LaneView) => LaneHistory | undefined,
): readonly ObservedPipeline[] {
  const byPipeline = new Map<string, Map<string, LaneHistory>>();
  for (const lane of lanes) {
    const history = historyOf(lane);
    if (history === undefined) continue;
    const key = formatPipelineRef(lane.pipeline);
    const known = byPipeline.get(key) ?? new Map<string, LaneHistory>();
    byPipeline.set(key, known.set(lane.environment, history));
  }
  return [...byPipeline].map(([key, histories]) => {
    const listed = model.pipeline(refOf(key))?.listed;
    const environments = listed?.valid === true ? listed.pipeline.environments.map(({ name }) => name) : [];
    return { environments, lanes: histories };
  });
}
