/** Keeps what the pages show up to date, by the server's events. */
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type Schemas } from './client';

export interface LiveState {
  /** `lost`: the browser tries again by itself. */
  readonly connection: 'opening' | 'open' | 'lost';
  readonly workers: 'answering' | 'silent' | 'unknown';
}

/** What the server sends, by the name of the event. */
interface Events {
  readonly environment: {
    readonly namespace: string;
    readonly pipeline: string;
    readonly environment: Schemas['Environment'];
  };
  readonly removed: { readonly namespace: string; readonly pipeline: string };
  readonly workers: Pick<LiveState, 'workers'>;
  readonly reset: object;
}

/** One stream for the whole page. */
export function useLiveEvents(): LiveState {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>({ connection: 'opening', workers: 'unknown' });
  useEffect(() => {
    const source = new EventSource('/api/v1/events');
    const change = (part: Partial<LiveState>): void => setState((before) => ({ ...before, ...part }));
    source.onopen = () => change({ connection: 'open' });
    source.onerror = () => change({ connection: 'lost' });
    const on = <Name extends keyof Events>(name: Name, take: (data: Events[Name]) => void): void =>
      source.addEventListener(name, ({ data }: MessageEvent<string>) =>
        take(JSON.parse(data) as Events[Name]),
      );
    on('workers', ({ workers }) => change({ workers }));
    on('environment', ({ namespace, pipeline }) => readAgain(client, namespace, pipeline));
    on('removed', ({ namespace, pipeline }) => readAgain(client, namespace, pipeline));
    on('reset', () => void client.invalidateQueries());
    return () => source.close();
  }, [client]);
  return state;
}

function readAgain(client: QueryClient, namespace: string, name: string): void {
  void client.invalidateQueries({ queryKey: ['pipelines'] });
  void client.invalidateQueries({ queryKey: ['pipeline', namespace, name] });
  void client.invalidateQueries({ queryKey: ['promotion', namespace, name] });
}
