import { type Verb } from '../domain/people/rights';
import { type Authorizer, type Caller } from './access';

/** At once, for one caller: an authorizer may ask an API server. */
const atOnce = 16;

/**
 * Of many namespaces, those in all of which the caller may do that: first asks for all namespaces at once, which is enough for
 * most callers. Like a list of Kubernetes, it leaves out what is allowed by a Pipeline's name alone.
 * @throws AccessUnavailable
 */
export async function allowedNamespaces(
  authorizer: Authorizer,
  caller: Caller,
  verb: Verb,
  namespaces: Iterable<string>,
): Promise<ReadonlySet<string>> {
  const asked = [...new Set(namespaces)];
  if (await authorizer.allows(caller, verb, {})) return new Set(asked);
  const allowed = new Set<string>();
  const rest = asked.values();
  const askTheRest = async (): Promise<void> => {
    for (const namespace of rest) {
      if (await authorizer.allows(caller, verb, { namespace })) allowed.add(namespace);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, askTheRest));
  return allowed;
}
