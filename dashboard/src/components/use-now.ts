import { useSyncExternalStore } from 'react';

const tickMs = 1_000;
const listeners = new Set<() => void>();
let now = Date.now();
let timer: number | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= window.setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, tickMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    window.clearInterval(timer);
    timer = undefined;
  };
}

/**
 * The time in milliseconds since the epoch, of one clock for the whole page. A component renders again only if what it makes
 * of the time differs.
 * @param round to what the component shows; by default each 10 seconds
 */
export function useNow(
  round: (now: number) => number = (time) => Math.floor(time / 10_000) * 10_000,
): number {
  return useSyncExternalStore(subscribe, () => round(now));
}
