import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { type Schemas } from '../api/client';
import { pipelinesQuery } from '../api/pipeline-list';
import { Failure } from '../components/page-states';
import { BoardSkeleton } from './board-skeleton';
import { BoardTable } from './board-table';
import styles from './board.module.css';
import { alignedColumns } from './columns';
import { everything, followsEvents, leavesOut, queryOf } from './filter';
import { FilterBar } from './filter-bar';
import { NoPipelines, NothingFits } from './nothing-shown';
import { useBoardFilter } from './use-board-filter';

/** What runs where, what is proposed, what waits: a row for each Pipeline. */
export function BoardPage() {
  const { filter, change } = useBoardFilter();
  const { data, error, refetch, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery(
    pipelinesQuery(queryOf(filter), followsEvents(filter)),
  );
  const rows = useMemo(() => rowsOf(data?.pages ?? []), [data]);
  const columns = useMemo(
    () => alignedColumns(rows.map(({ environments }) => environments.map(({ name }) => name))),
    [rows],
  );
  const canRead = hasNextPage && !isFetching && error === null;
  const readMore = useCallback(() => {
    if (canRead) void fetchNextPage();
  }, [canRead, fetchNextPage]);
  const total = hasNextPage ? Math.max(data?.pages.at(-1)?.total ?? 0, rows.length + 1) : rows.length;

  const isEmpty = data !== undefined && rows.length === 0 && !leavesOut(filter);

  return (
    <div className={styles['page']}>
      <div className={styles['title']}>
        <h1>Board</h1>
        {data !== undefined && !isEmpty && (
          <span role="status" className={styles['muted']}>
            {total.toLocaleString()} {total === 1 ? 'Pipeline' : 'Pipelines'}
            {leavesOut(filter) && (total === 1 ? ' matches the filters' : ' match the filters')}
          </span>
        )}
      </div>
      {!isEmpty && <FilterBar filter={filter} change={change} />}
      {data === undefined && error === null && <BoardSkeleton />}
      {rows.length > 0 && <BoardTable rows={rows} total={total} columns={columns} onReachEnd={readMore} />}
      {error !== null && <Failure error={error} onRetry={() => void (data ? fetchNextPage() : refetch())} />}
      {data !== undefined &&
        rows.length === 0 &&
        (!isEmpty ? (
          <NothingFits onClear={() => change({ ...everything, sort: filter.sort })} />
        ) : (
          <NoPipelines />
        ))}
    </div>
  );
}

/** Each Pipeline once: between two pages, it can move from one to the other. */
function rowsOf(
  pages: readonly { readonly items: Schemas['PipelineSummary'][] }[],
): Schemas['PipelineSummary'][] {
  const rows = new Map<string, Schemas['PipelineSummary']>();
  for (const { items } of pages) {
    for (const row of items) {
      const key = `${row.namespace}/${row.name}`;
      if (!rows.has(key)) rows.set(key, row);
    }
  }
  return [...rows.values()];
}
