import { useQuery } from '@tanstack/react-query';
import { freshnessQuery } from '../api/freshness';
import { type LiveState } from '../api/live';
import { ApiProblem } from '../api/problem';
import { useNow } from '../components/use-now';
import styles from './banner.module.css';
import { staleness } from './staleness';

/** What is shown may be old: no connection, no Temporal, no worker. */
export function StaleBanner({ live }: { readonly live: LiveState }) {
  const { data, dataUpdatedAt, error } = useQuery(freshnessQuery);
  const sinceAnswer = Math.max(0, useNow() - dataUpdatedAt);
  const sentence = staleness({
    connection: live.connection,
    workers: live.workers === 'unknown' ? (data?.workers ?? 'unknown') : live.workers,
    workersSilentMs: data?.workersSilentMs === undefined ? undefined : data.workersSilentMs + sinceAnswer,
    behindMs: data === undefined ? undefined : data.behindMs + sinceAnswer,
    unavailable: error instanceof ApiProblem && error.code === 'unavailable' ? error.message : undefined,
  });
  // It stays in the page, so that screen readers hear what appears in it.
  return (
    <div role="status">
      {sentence !== undefined && (
        <p className={`${styles['banner'] ?? ''} ${styles['stale'] ?? ''}`}>{sentence}</p>
      )}
    </div>
  );
}
