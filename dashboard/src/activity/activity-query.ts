import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { whileBusy } from '../api/busy';
import { api, bodyOf } from '../api/client';
import { type ActivityFilter, ranges } from './activity-filter';

const dayMs = 86_400_000;

/** @throws ApiProblem */
export function fetchAudit(filter: ActivityFilter, limit: number) {
  const { pipeline, namespace, environment, by, kind, range } = filter;
  const days = ranges[range];
  const query = {
    limit,
    ...(pipeline === '' ? {} : { pipeline }),
    ...(namespace === '' ? {} : { namespace }),
    ...(environment === '' ? {} : { environment }),
    ...(by === '' ? {} : { by }),
    ...(kind === 'decisions' ? { decisions: true } : kind === '' ? {} : { kind: [kind] }),
    ...(days === undefined ? {} : { since: new Date(Date.now() - days * dayMs).toISOString() }),
  };
  return bodyOf(api.GET('/api/v1/audit', { params: { query } }));
}

export const auditQuery = (filter: ActivityFilter, limit: number) =>
  queryOptions({
    queryKey: ['audit', filter, limit],
    queryFn: () => fetchAudit(filter, limit),
    placeholderData: keepPreviousData,
    ...whileBusy,
  });
