import { type LaneState } from '../../../domain/lane/lane-state';
import { formatPipelineRef, type PipelineRef } from '../../../domain/pipeline/pipeline';
import { facetsOf } from '../../../read-model/facets';
import { pipelineDetails } from '../../../read-model/pipeline-details';
import { InvalidCursor } from '../../../read-model/cursor';
import { type Handlers } from '../operator-request';
import { Refusal } from '../refusal';
import { sightOf } from '../rights';
import { type HandlerParts } from './handler-parts';
import { waitingForCaller } from './waiting-for-caller';

type Parts = Pick<HandlerParts, 'access' | 'model' | 'store' | 'acts' | 'policy' | 'now'>;

export function pipelineHandlers(parts: Parts): Pick<Handlers, 'listPipelines' | 'getPipeline' | 'facets'> {
  const { access, model, store, now } = parts;
  return {
    async listPipelines({ caller, query }) {
      const { namespace } = query;
      const namespaces = namespace === undefined ? model.namespaces() : [namespace];
      const sight = await sightOf(access, caller, namespaces);
      const sees = (ref: PipelineRef): boolean => sight.sees(ref);
      const mine = query.mine === true ? await waitingForCaller(parts, caller, sees) : undefined;
      const lists = (ref: PipelineRef): boolean =>
        sees(ref) && (mine === undefined || mine.has(formatPipelineRef(ref)));
      return refusingCursors(() => ({
        ...model.pipelines(query, lists),
        ...model.freshness(),
      }));
    },

    async facets({ caller }) {
      const sight = await sightOf(access, caller, model.namespaces());
      const seen = Array.from(model.all(), ({ summary }) => summary).filter((each) => sight.sees(each));
      return { ...facetsOf(seen), ...model.freshness() };
    },

    async getPipeline({ params }) {
      const found = model.pipeline(params);
      if (found === undefined) {
        throw new Refusal('not-found', `There is no Pipeline ${params.namespace}/${params.name}.`);
      }
      return pipelineDetails({
        ...found,
        freshness: model.freshness(),
        freezes: await store.freezes(params.namespace),
        states: await laneStates(parts, params),
        now: now(),
      });
    },
  };
}

/** Of the environments that something was promoted into; none while no worker answers. */
async function laneStates(
  { model, acts }: Parts,
  ref: { readonly namespace: string; readonly name: string },
): Promise<ReadonlyMap<string, LaneState>> {
  const states = new Map<string, LaneState>();
  if (model.freshness().workers === 'silent') return states;
  const { environments = [] } = model.pipeline(ref)?.summary ?? {};
  const asked = environments.filter(({ changedAt }) => changedAt !== undefined);
  await Promise.all(
    asked.map(async ({ name }) => {
      // The rest of the answer does not need it.
      const state = await acts.laneState(ref, name).catch(() => undefined);
      if (state !== undefined) states.set(name, state);
    }),
  );
  return states;
}

/** @throws Refusal bad-request in place of InvalidCursor */
export function refusingCursors<T>(list: () => T): T {
  try {
    return list();
  } catch (error) {
    if (error instanceof InvalidCursor) throw new Refusal('bad-request', error.message);
    throw error;
  }
}
