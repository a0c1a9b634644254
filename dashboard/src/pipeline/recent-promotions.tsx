import { useInfiniteQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { Link } from 'wouter';
import { type PipelineName, type PromotionSummary } from '../api/answers';
import { promotionsQuery } from '../api/pipelines';
import { Button } from '../components/button';
import { Failure, Loading } from '../components/page-states';
import { describeState } from '../components/promotion-state';
import { StatusPill } from '../components/status-pill';
import { Age } from '../components/time';
import { describeDuration } from '../components/time-text';
import * as paths from '../paths';
import styles from './recent-promotions.module.css';

/** The promotions that Temporal remembers, newest first. */
export function RecentPromotions({ namespace, name }: PipelineName) {
  const titleId = useId();
  const query = useInfiniteQuery(promotionsQuery({ namespace, name }));
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = query;
  const promotions = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <section className={styles['section']} aria-labelledby={titleId}>
      <h2 id={titleId}>Recent promotions</h2>
      {data === undefined && error === null && <Loading what="its promotions" />}
      {data === undefined && error !== null && <Failure error={error} onRetry={() => void refetch()} />}
      {data !== undefined && promotions.length === 0 && (
        <p className={styles['none']}>
          There are none that Temporal remembers. The first begins when the first environment reports a
          version.
        </p>
      )}
      {promotions.length > 0 && (
        <table className={styles['table']}>
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col">Into</th>
              <th scope="col">State</th>
              <th scope="col">Started</th>
              <th scope="col" className={styles['wide']}>
                Took
              </th>
              <th scope="col" className={styles['wide']}>
                Asked for by
              </th>
            </tr>
          </thead>
          <tbody>
            {promotions.map((each) => (
              <PromotionRow key={`${each.id} ${each.startedAt}`} promotion={each} />
            ))}
          </tbody>
        </table>
      )}
      {hasNextPage && (
        <Button onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>
          {isFetchingNextPage ? 'Loading…' : 'Show older ones'}
        </Button>
      )}
    </section>
  );
}

function PromotionRow({ promotion }: { readonly promotion: PromotionSummary }) {
  const { id, version, action, environment, state, startedAt, endedAt, requestedBy } = promotion;
  const { tone, words } = describeState(state);
  return (
    <tr>
      <th scope="row">
        <Link href={paths.promotion(id)}>{version}</Link>
        {action === 'withdraw' && ' (withdrawal)'}
      </th>
      <td>{environment}</td>
      <td>
        <StatusPill tone={tone}>{words}</StatusPill>
      </td>
      <td>
        <Age at={startedAt} />
      </td>
      <td className={styles['wide']}>
        {endedAt !== undefined && describeDuration(Date.parse(endedAt) - Date.parse(startedAt))}
      </td>
      <td className={styles['wide']}>{requestedBy.join(', ')}</td>
    </tr>
  );
}
