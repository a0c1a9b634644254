import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../api/client';

export type Me = Awaited<ReturnType<typeof fetchMe>>;
export type Verb = Me['allowed'][number];

interface Place {
  readonly namespace: string;
  /** Of a Pipeline. Absent: all of the namespace. */
  readonly name?: string;
}

function fetchMe(place?: Place) {
  return bodyOf(api.GET('/api/v1/me', { params: { query: place ?? {} } }));
}

export const meQuery = (place?: Place) =>
  queryOptions({
    queryKey: place === undefined ? ['me'] : ['me', place.namespace, place.name ?? ''],
    queryFn: () => fetchMe(place),
  });

/**
 * Whether the person may do something with a Pipeline, or in a namespace: what they may not is not offered. The server decides again at each
 * request.
 */
export function useMay(place: Place): (verb: Verb) => boolean {
  const { data } = useQuery(meQuery(place));
  return (verb) => data?.allowed.includes(verb) ?? false;
}
