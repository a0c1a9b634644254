import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, bodyOf, type Schemas } from '../api/client';
import { ApiProblem } from '../api/problem';

export type Entry = Schemas['AuditRecord'];
export type Kind = Entry['kind'];
export type Audit = Awaited<ReturnType<typeof fetchAudit>>;

export interface ActivityFilter {
  /** `namespace/name`. */
  readonly pipeline: string;
  readonly namespace: string;
  readonly environment: string;
  readonly by: string;
  /** Of a record, or `decisions`. */
  readonly kind: string;
  readonly range: Range;
}

/** In days; undefined: as far as records reach. */
export const ranges = { '1': 1, '7': 7, '30': 30, '90': 90, all: undefined } as const;
export type Range = keyof typeof ranges;
export const usualRange: Range = '7';

/** Lines on the page at first, and after the person asks for more: a browser is slow with more. */
export const shownLimits = [200, 2_000] as const;
/** As many as the API answers. */
export const mostEntries = 10_000;

/** What the address says. */
export function readFilter(fields: URLSearchParams): ActivityFilter {
  const text = (name: string): string => fields.get(name) ?? '';
  const range = text('range');
  return {
    pipeline: text('pipeline'),
    namespace: text('namespace'),
    environment: text('environment'),
    by: text('by'),
    kind: text('kind'),
    range: range in ranges ? (range as Range) : usualRange,
  };
}

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
