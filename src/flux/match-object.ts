import { bounded } from '../domain/names';
import { type Environment, type Pipeline } from '../domain/pipeline/pipeline';
import { type FluxEvent } from './parse-event';

/**
 * The first field in which the event's object is not the pipeline's, with what it is and what it must be; by API group,
 * not version: a Flux upgrade changes the version in events.
 */
export function mismatch(
  { involvedObject }: FluxEvent,
  { appRef }: Pipeline,
  { targets }: Environment,
): [field: string, received: string, expected: string] | undefined {
  const group = apiGroup(involvedObject.apiVersion ?? '');
  if (group !== apiGroup(appRef.apiVersion)) {
    return ['API group', plain(group), plain(apiGroup(appRef.apiVersion))];
  }
  if (involvedObject.kind !== appRef.kind) return ['kind', plain(involvedObject.kind), plain(appRef.kind)];
  if (involvedObject.name !== appRef.name) return ['name', plain(involvedObject.name), plain(appRef.name)];
  const namespaces = targets.map(({ namespace }) => namespace);
  if (namespaces.includes(involvedObject.namespace)) return undefined;
  return ['namespace', plain(involvedObject.namespace), listed(namespaces)];
}

/** A sender may write anything; only what can be a name in Kubernetes is shown. */
function plain(name: string): string {
  if (name === '') return 'empty';
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/.test(name) ? name : 'not a Kubernetes name';
}

/** Some names, for an answer: Flux copies it into a Kubernetes Event of at most 1 KiB. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => bounded(name, 64));
  return [...shown, ...(names.length > shown.length ? ['…'] : [])].join(', ');
}

function apiGroup(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}
