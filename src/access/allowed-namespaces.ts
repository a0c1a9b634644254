import { type PipelineRef } from '../domain/pipeline/pipeline';
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
  return allowedOf(asked, (namespace) => authorizer.allows(caller, verb, { namespace }));
}

/** Of Pipelines, those that the caller may do that with: each costs a question. @throws AccessUnavailable */
export async function allowedPipelines<T extends PipelineRef>(
  authorizer: Authorizer,
  caller: Caller,
  verb: Verb,
  pipelines: readonly T[],
): Promise<ReadonlySet<T>> {
  return allowedOf(pipelines, ({ namespace, name }) => authorizer.allows(caller, verb, { namespace, name }));
}

async function allowedOf<T>(
  asked: readonly T[],
  allows: (each: T) => Promise<boolean>,
): Promise<ReadonlySet<T>> {
  const allowed = new Set<T>();
  const rest = asked.values();
  const askTheRest = async (): Promise<void> => {
    for (const each of rest) {
      if (await allows(each)) allowed.add(each);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, askTheRest));
  return allowed;
}
