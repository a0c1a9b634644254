import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf } from '../api/client';

/** Enough to choose from; who writes more gets others. */
const most = 50;

/** Names of Pipelines, for a field that asks for one. */
export function usePipelineSuggestions(): {
  /** `namespace/name`. */
  readonly names: readonly string[];
  readonly search: (text: string) => void;
} {
  const [text, search] = useState('');
  const { data } = useQuery({
    queryKey: ['pipeline-names', text],
    queryFn: async ({ signal }) => {
      const query = { limit: most, ...(text === '' ? {} : { search: text.slice(0, 253) }) };
      const { items } = await bodyOf(api.GET('/api/v1/pipelines', { params: { query }, signal }));
      return items.map(({ namespace, name }) => `${namespace}/${name}`);
    },
    placeholderData: keepPreviousData,
  });
  return { names: data ?? [], search };
}
