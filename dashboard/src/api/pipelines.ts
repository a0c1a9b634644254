/** What is read of one Pipeline. Events read all of it again: see `live.ts`, which knows the keys. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type PipelineName } from './answers';
import { api, bodyOf } from './client';
import { pipelineOfPromotion } from './promotion-id';

export const pipelineQuery = ({ namespace, name }: PipelineName) =>
  queryOptions({
    queryKey: ['pipeline', namespace, name],
    queryFn: () =>
      bodyOf(api.GET('/api/v1/pipelines/{namespace}/{name}', { params: { path: { namespace, name } } })),
  });

export const promotionQuery = (id: string) => {
  const { namespace, name } = pipelineOfPromotion(id);
  return queryOptions({
    queryKey: ['promotion', namespace, name, 'one', id],
    queryFn: () => bodyOf(api.GET('/api/v1/promotions/{id}', { params: { path: { id } } })),
  });
};

/** Of a page of the list. */
const shownPromotions = 10;

/** The promotions of a Pipeline, newest first. */
export const promotionsQuery = ({ namespace, name }: PipelineName) =>
  infiniteQueryOptions({
    queryKey: ['promotion', namespace, name, 'list'],
    queryFn: ({ pageParam }) =>
      bodyOf(
        api.GET('/api/v1/promotions', {
          params: {
            query: {
              pipeline: `${namespace}/${name}`,
              limit: shownPromotions,
              ...(pageParam === '' ? {} : { cursor: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });
