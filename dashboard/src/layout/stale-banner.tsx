import { type LiveState } from '../api/live';

/** What is shown may be old: no connection, or no worker. */
export function StaleBanner({ live }: { readonly live: LiveState }) {
  if (live.connection === 'open' && live.workers !== 'silent') return null;
  if (live.connection === 'opening') return null;
  return (
    <p role="status">
      {live.connection === 'lost'
        ? 'The connection to Windlass is lost: what you see may be old. Trying again…'
        : 'No worker answers: nothing is promoted until one does.'}
    </p>
  );
}
