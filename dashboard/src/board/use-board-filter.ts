import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { type BoardFilter, readFilter, writeFilter } from './filter';

/**
 * The filter in the page's address, so that a link shows the same and going back undoes a choice.
 * @returns `change` takes what differs; `isTyped` leaves no step to go back to for each letter
 */
export function useBoardFilter(): {
  readonly filter: BoardFilter;
  readonly change: (part: Partial<BoardFilter>, isTyped?: boolean) => void;
} {
  const [params, setParams] = useSearchParams();
  const filter = useMemo(() => readFilter(params), [params]);
  return {
    filter,
    change: (part, isTyped = false) =>
      setParams((before) => writeFilter({ ...readFilter(before), ...part }), { replace: isTyped }),
  };
}
