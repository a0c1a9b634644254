import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { whileBusy } from '../api/busy';
import { api, bodyOf } from '../api/client';
import { type FiguresFilter, isBeingRead } from './figures-filter';

function fetchFigures({ pipeline, label, weeks }: FiguresFilter) {
  const query = {
    weeks,
    ...(pipeline === '' ? {} : { pipeline }),
    ...(label === '' ? {} : { label: [label] }),
  };
  return bodyOf(api.GET('/api/v1/figures', { params: { query } }));
}

const untilAllAreReadMs = 3_000;

export const figuresQuery = (filter: FiguresFilter) =>
  queryOptions({
    queryKey: ['figures', filter],
    queryFn: () => fetchFigures(filter),
    placeholderData: keepPreviousData,
    ...whileBusy,
    refetchInterval: ({ state: { data } }) =>
      data !== undefined && isBeingRead(data) ? untilAllAreReadMs : false,
  });
