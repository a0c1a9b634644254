/** Keeps what the pages show up to date, by the server's events. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { openEvents } from './event-connection';
import { createLiveCache } from './live-cache';
import { type EnvironmentChange } from './pipeline-list-pages';

export interface LiveState {
  /** `lost`: the page tries again by itself. */
  readonly connection: 'opening' | 'open' | 'lost';
  readonly workers: 'answering' | 'silent' | 'unknown';
}

/** One stream for the whole page. */
export function useLiveEvents(): LiveState {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>({ connection: 'opening', workers: 'unknown' });
  useEffect(() => {
    const cache = createLiveCache(client);
    const change = (part: Partial<LiveState>): void => setState((before) => ({ ...before, ...part }));
    let hasMissed = false;
    const close = openEvents('/api/v1/events', {
      onOpen: () => {
        change({ connection: 'open' });
        // A new stream does not know what the last one has sent.
        if (hasMissed) cache.reset();
        hasMissed = false;
      },
      onLost: () => change({ connection: 'lost' }),
      onRefused: () => {
        hasMissed = true;
        void client.invalidateQueries({ queryKey: ['me'] });
      },
      onPaused: () => (hasMissed = true),
      events: {
        environment: (data) => cache.environment(data as EnvironmentChange),
        removed: (data) => cache.removed(data as Omit<EnvironmentChange, 'environment'>),
        freezes: () => cache.freezes(),
        workers: (data) => change(data as Pick<LiveState, 'workers'>),
        reset: () => cache.reset(),
      },
    });
    return () => {
      close();
      cache.stop();
    };
  }, [client]);
  return state;
}
