import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, bodyOf } from '../api/client';
import { ApiProblem } from '../api/problem';
import { type ActivityFilter, type Kind, ranges } from './activity-filter';

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
    ...(kind === 'decisions' ? { decisions: true } : kind === '' ? {} : { kind: [kind as Kind] }),
    ...(days === undefined ? {} : { since: new Date(Date.now() - days * dayMs).toISOString() }),
  };
  return bodyOf(api.GET('/api/v1/audit', { params: { query } }));
}

/** The server reads a few records at once, each for 20 s at most. */
const busyRetryMs = 2_000;
const mostBusyRetries = 30;
const mostRetries = 3;

export function isBusy(error: Error | null): boolean {
  return error instanceof ApiProblem && error.code === 'too-many-requests';
}

export const auditQuery = (filter: ActivityFilter, limit: number) =>
  queryOptions({
    queryKey: ['audit', filter, limit],
    queryFn: () => fetchAudit(filter, limit),
    placeholderData: keepPreviousData,
    retry: (failures, error) =>
      isBusy(error)
        ? failures < mostBusyRetries
        : failures < mostRetries && error instanceof ApiProblem && passing.includes(error.code),
    retryDelay: busyRetryMs,
  });

const passing: readonly ApiProblem['code'][] = ['unreachable', 'unreadable', 'unavailable'];
