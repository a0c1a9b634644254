import { refOf } from '../../../domain/pipeline/pipeline';
import { type Handlers } from '../operator-request';
import { sightOf } from '../rights';
import { type HandlerParts } from './handler-parts';

/** A change reaches those who may see it at that time; answers about rights are kept for a moment. */
const seesForMs = 10_000;

export function eventHandlers({
  access,
  model,
  streams,
  now,
}: Pick<HandlerParts, 'access' | 'model' | 'streams' | 'now'>): Pick<Handlers, 'events'> {
  return {
    async events({ caller, query: { pipeline, namespace }, lastEventId, until }, response) {
      const named = pipeline === undefined ? undefined : refOf(pipeline);
      const known = new Map<string, { readonly at: number; readonly sees: Promise<boolean> }>();
      const seesIn = async (place: string): Promise<boolean> =>
        (await sightOf(access, caller, [place], named)).sees(named ?? { namespace: place });
      await streams.serve(
        {
          caller,
          lastEventId,
          ...(until === undefined ? {} : { knownForMs: until - now() }),
          now: () => ({ event: 'workers', data: JSON.stringify(model.workers()) }),
          wants: (ref) =>
            (namespace === undefined || ref.namespace === namespace) &&
            (named === undefined || (ref.namespace === named.namespace && ref.name === named.name)),
          sees: (ref) => {
            const before = known.get(ref.namespace);
            if (before !== undefined && now() - before.at < seesForMs) return before.sees;
            const sees = seesIn(ref.namespace);
            known.set(ref.namespace, { at: now(), sees });
            return sees;
          },
        },
        response,
      );
    },
  };
}
