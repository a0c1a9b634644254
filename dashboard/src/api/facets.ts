/** What lists can be filtered by, of all Pipelines that the person sees. */
import { useQuery } from '@tanstack/react-query';
import { api, bodyOf } from './client';

export interface Facets {
  readonly namespaces: readonly string[];
  readonly environments: readonly string[];
  /** `key=value`. */
  readonly labels: readonly string[];
}

const none: Facets = { namespaces: [], environments: [], labels: [] };

/** Empty until they are known: fields work without suggestions. */
export function useFacets(): Facets {
  const { data } = useQuery({
    queryKey: ['facets'],
    queryFn: async (): Promise<Facets> => {
      const { namespaces, environments, labels } = await bodyOf(api.GET('/api/v1/facets'));
      const pairs = Object.entries(labels).flatMap(([key, values]) => values.map((each) => `${key}=${each}`));
      return { namespaces, environments, labels: pairs };
    },
  });
  return data ?? none;
}
