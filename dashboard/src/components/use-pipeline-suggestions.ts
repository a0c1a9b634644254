import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf } from '../api/client';

/** Enough to choose from; who writes more gets others. */
const most = 50;

/** Names and labels of Pipelines, for fields that ask for one. */
export function usePipelineSuggestions(): {
  /** `namespace/name`. */
  readonly names: readonly string[];
  /** `key=value`. */
  readonly labels: readonly string[];
  readonly namespaces: readonly string[];
  readonly search: (text: string) => void;
} {
  const [text, search] = useState('');
  const { data } = useQuery({
    queryKey: ['pipelines', 'suggestions', text],
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/pipelines', {
          params: { query: { limit: most, ...(text === '' ? {} : { search: text.slice(0, 253) }) } },
        }),
      ),
    placeholderData: keepPreviousData,
  });
  const items = data?.items ?? [];
  const labels = items.flatMap((each) => Object.entries(each.labels).map((pair) => pair.join('=')));
  return {
    names: items.map(({ namespace, name }) => `${namespace}/${name}`),
    labels: [...new Set(labels)].sort(),
    namespaces: [...new Set(items.map(({ namespace }) => namespace))].sort(),
    search,
  };
}
