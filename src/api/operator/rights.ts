/** Whether a caller may use a route, and what of a list the caller sees. */
import { type Authorizer, type Caller } from '../../access/access';
import { allowedNamespaces } from '../../access/allowed-namespaces';
import { type Place } from '../../domain/people/rights';
import { type PipelineRef } from '../../domain/pipeline/pipeline';
import { pipelineOfPromotion } from '../../operator/promotion-id';
import { type Right } from '../../operator/routes';
import { Refusal } from './refusal';

interface Parts {
  readonly params: unknown;
  readonly body: unknown;
}

/**
 * @param parts validated
 * @throws Refusal forbidden, also for what does not exist; not-found for the id of no promotion; AccessUnavailable
 */
export async function requireRight(
  access: Authorizer,
  caller: Caller,
  right: Right,
  parts: Parts,
): Promise<void> {
  // What a list shows is decided entry by entry.
  if (right.on === 'caller' || right.on === 'each') return;
  const place = placeOf(right.on, parts);
  if (await access.allows(caller, right.verb, place)) return;
  const { namespace, name } = place;
  const where = name === undefined ? `in the namespace ${namespace}` : `on the Pipeline ${namespace}/${name}`;
  throw new Refusal(
    'forbidden',
    `${caller.name} does not have the permission "${right.verb}" ${where}: ask an administrator for it.`,
  );
}

function placeOf(
  on: 'pipeline' | 'promotion' | 'namespace',
  { params, body }: Parts,
): Required<Place> | Place {
  const path = params as Partial<Record<'namespace' | 'name' | 'id', string>>;
  switch (on) {
    case 'pipeline':
      return known({ namespace: path.namespace, name: path.name });
    case 'promotion': {
      const pipeline = pipelineOfPromotion(path.id ?? '');
      if (pipeline === undefined) throw new Refusal('not-found', 'There is no such promotion.');
      return pipeline;
    }
    case 'namespace':
      return known({ namespace: path.namespace ?? (body as { readonly namespace?: string }).namespace });
  }
}

/** @throws Error: the table has a route whose path and body do not name where its right is asked for */
function known(place: { readonly namespace: string | undefined; readonly name?: string | undefined }): Place {
  const { namespace, name } = place;
  if (namespace === undefined || ('name' in place && name === undefined)) {
    throw new Error('The route does not name where its right must be allowed.');
  }
  return { namespace, ...(name === undefined ? {} : { name }) };
}

/** Whether the caller sees a Pipeline, or what belongs to a namespace. */
export interface Sight {
  sees(place: { readonly namespace: string; readonly name?: string }): boolean;
}

/**
 * What of a list the caller may `get`: all of a namespace, or nothing of it. A right on a single Pipeline counts where a
 * request names it.
 * @param namespaces of what can be listed
 * @param named the Pipeline that the request is about
 * @throws AccessUnavailable
 */
export async function sightOf(
  access: Authorizer,
  caller: Caller,
  namespaces: Iterable<string>,
  named?: PipelineRef,
): Promise<Sight> {
  if (named !== undefined) {
    const sees = await access.allows(caller, 'get', { namespace: named.namespace, name: named.name });
    return { sees: ({ namespace, name }) => sees && namespace === named.namespace && name === named.name };
  }
  const seen = await allowedNamespaces(access, caller, 'get', namespaces);
  return { sees: ({ namespace }) => seen.has(namespace) };
}
