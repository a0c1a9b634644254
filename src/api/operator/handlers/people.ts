import { type Verb, verbs } from '../../../domain/people/rights';
import { type Handlers } from '../operator-request';
import { type HandlerParts } from './handler-parts';

export function peopleHandlers({ access }: Pick<HandlerParts, 'access'>): Pick<Handlers, 'me'> {
  return {
    async me({ caller, until, query: { namespace, name } }) {
      const place = {
        ...(namespace === undefined ? {} : { namespace }),
        ...(name === undefined ? {} : { name }),
      };
      const all = Object.keys(verbs) as Verb[];
      const answers = await Promise.all(all.map((verb) => access.allows(caller, verb, place)));
      return {
        name: caller.name,
        groups: [...caller.groups],
        via: caller.via,
        ...(caller.warning === undefined ? {} : { warning: caller.warning }),
        allowed: all.filter((_verb, index) => answers[index]),
        ...(until === undefined ? {} : { session: { until: new Date(until).toISOString() } }),
      };
    },
  };
}
