/** The list of Pipelines, page by page. */
import { infiniteQueryOptions, queryOptions, type QueryKey } from '@tanstack/react-query';
import { api, bodyOf } from './client';
import { type PipelinesQuery } from './pipelines-query';

/** The first one fills a screen and arrives soon; the others are for who scrolls. */
const firstRows = 100;
const moreRows = 500;

export const pipelinesKey = 'pipelines';

/** @param followsEvents whether events can change which Pipelines it has, see `live-cache.ts` */
export const pipelinesQuery = (query: PipelinesQuery, followsEvents: boolean) =>
  infiniteQueryOptions({
    queryKey: [pipelinesKey, query, { followsEvents }],
    queryFn: ({ pageParam, signal }) =>
      bodyOf(
        api.GET('/api/v1/pipelines', {
          params: {
            query: {
              ...query,
              limit: pageParam === undefined ? firstRows : moreRows,
              ...(pageParam === undefined ? {} : { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    // What no event describes: labels, suspensions.
    refetchInterval: ({ state: { data } }) => (data === undefined || data.pages.length > 3 ? false : 60_000),
  });

/** What `pipelinesQuery` was asked for. @param key the key of its answer */
export function listOf([, query, traits]: QueryKey): {
  readonly query: PipelinesQuery;
  readonly followsEvents: boolean;
} {
  const { followsEvents } = traits as { readonly followsEvents: boolean };
  return { query: query as PipelinesQuery, followsEvents };
}

export const pipelineCountKey = 'pipeline-count';

/** How many Pipelines fit. */
export const pipelineCountQuery = (query: PipelinesQuery) =>
  queryOptions({
    queryKey: [pipelineCountKey, query],
    queryFn: async ({ signal }) => {
      const { total } = await bodyOf(
        api.GET('/api/v1/pipelines', { params: { query: { ...query, limit: 1 } }, signal }),
      );
      return total;
    },
  });
