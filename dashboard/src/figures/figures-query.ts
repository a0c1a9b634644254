import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, bodyOf } from '../api/client';

export type Figures = Awaited<ReturnType<typeof fetchFigures>>;

export interface FiguresFilter {
  /** `namespace/name`; empty: all. */
  readonly pipeline: string;
  /** `key=value`; empty: all. */
  readonly label: string;
  readonly weeks: number;
}

export const weekChoices = [4, 12, 26, 52] as const;
export const usualWeeks = 12;

/** What the address says, where it can be asked for. */
export function readFilter(fields: URLSearchParams): FiguresFilter {
  const weeks = Number(fields.get('weeks'));
  return {
    pipeline: fields.get('pipeline') ?? '',
    label: fields.get('label') ?? '',
    weeks: weekChoices.find((each) => each === weeks) ?? usualWeeks,
  };
}

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
    refetchInterval: ({ state: { data } }) =>
      data !== undefined && isBeingRead(data) ? untilAllAreReadMs : false,
  });

/** The server reads the others now. */
export function isBeingRead({ coverage: { lanes, read, silence } }: Figures): boolean {
  return read < lanes && silence === undefined;
}
