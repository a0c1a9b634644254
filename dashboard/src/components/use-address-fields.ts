import { useCallback } from 'react';
import { useSearchParams } from 'wouter';

/** The page's filters in its address, so that a link shows the same. An empty one is left out. */
export function useAddressFields(): {
  readonly fields: URLSearchParams;
  readonly set: (name: string, value: string) => void;
} {
  const [fields, setFields] = useSearchParams();
  const set = useCallback(
    (name: string, value: string) =>
      setFields(
        (before) => {
          const after = new URLSearchParams(before);
          if (value === '') after.delete(name);
          else after.set(name, value);
          return after;
        },
        { replace: true },
      ),
    [setFields],
  );
  return { fields, set };
}
