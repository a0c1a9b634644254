import { queryOptions } from '@tanstack/react-query';
import { api, bodyOf } from './client';

export const freezesQuery = queryOptions({
  queryKey: ['freezes'],
  queryFn: () => bodyOf(api.GET('/api/v1/freezes')),
});
