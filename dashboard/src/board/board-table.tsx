import { defaultRangeExtractor, type Range, useWindowVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type FocusEvent,
  type KeyboardEvent,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { type Schemas } from '../api/client';
import { useMedia } from '../components/use-media';
import styles from './board.module.css';
import { BoardRow } from './board-row';
import { urgencyOf } from './cell';

interface BoardTableProps {
  /** Those that were read, in order. */
  readonly rows: readonly Schemas['PipelineSummary'][];
  /** Of all pages; those that were not read yet are shown as empty rows. */
  readonly total: number;
  readonly columns: readonly string[] | undefined;
  /** Called whenever a row that was not read yet is in sight. */
  readonly onReachEnd: () => void;
}

/** Of a row in which nothing happens, in pixels. */
const usualHeight = 48;

/** Draws the rows in sight only: there can be thousands. */
export function BoardTable({ rows, total, columns, onReachEnd }: BoardTableProps) {
  const body = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [focused, setFocused] = useState<number>();
  useLayoutEffect(() => {
    const measured = body.current?.getBoundingClientRect().top ?? 0;
    setTop(measured + window.scrollY);
  }, [columns]);
  const virtualizer = useWindowVirtualizer<HTMLDivElement>({
    count: Math.max(rows.length, total),
    estimateSize: () => usualHeight,
    overscan: 8,
    scrollMargin: top,
    getItemKey: (index) => keyOf(rows[index]) ?? index,
    // What has the focus stays in the page.
    rangeExtractor: (range) => withFocused(range, focused),
  });
  const items = virtualizer.getVirtualItems();
  const reachesEnd = (items.at(-1)?.index ?? 0) >= rows.length && rows.length < total;
  useEffect(() => {
    if (reachesEnd) onReachEnd();
  }, [reachesEnd, onReachEnd, rows]);

  function onFocus({ target }: FocusEvent<HTMLElement>): void {
    setFocused(indexOf(target));
  }

  /** The arrow keys move from Pipeline to Pipeline, the tab key through all links. */
  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const from = event.target instanceof Element ? indexOf(event.target) : undefined;
    if (step === undefined || from === undefined) return;
    const to = Math.min(Math.max(from + step, 0), rows.length - 1);
    event.preventDefault();
    virtualizer.scrollToIndex(to, { align: 'auto' });
    body.current
      ?.querySelector<HTMLElement>(`[data-index="${to}"] [data-row-link]`)
      ?.focus({ preventScroll: true });
  }

  const isAligned = columns !== undefined;
  const isNarrow = useMedia((columns?.length ?? 0) > 4 ? '(width < 75rem)' : '(width < 48rem)');
  const classes = ['table', ...(isAligned ? ['aligned'] : []), ...(isNarrow ? ['narrow'] : [])];
  return (
    <div
      role="table"
      aria-label="Pipelines and their environments"
      aria-rowcount={total + 1}
      className={classes.map((each) => styles[each]).join(' ')}
      style={{ '--columns': columns?.length ?? 1 } as CSSProperties}
    >
      <div role="row" aria-rowindex={1} className={styles['head']}>
        <span role="columnheader">Pipeline</span>
        {isAligned ? (
          columns.map((column) => (
            <span key={column} role="columnheader" title={column}>
              {column}
            </span>
          ))
        ) : (
          <span role="columnheader">Environments, in order</span>
        )}
      </div>
      <div
        ref={body}
        role="rowgroup"
        className={styles['body']}
        style={{ height: virtualizer.getTotalSize() }}
        onFocus={onFocus}
        onBlur={() => setFocused(undefined)}
        onKeyDown={onKeyDown}
      >
        {items.map(({ key, index, start }) => {
          const row = rows[index];
          return (
            <div
              key={key}
              ref={virtualizer.measureElement}
              role="row"
              aria-rowindex={index + 2}
              data-index={index}
              className={classesOf(row)}
              style={{ transform: `translateY(${start - top}px)` }}
            >
              {row === undefined ? (
                <div role="cell" className={styles['unread']}>
                  Loading…
                </div>
              ) : (
                <BoardRow pipeline={row} columns={columns} />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function classesOf(row: Schemas['PipelineSummary'] | undefined): string {
  const urgency = row && urgencyOf(row);
  return `${styles['row'] ?? ''} ${urgency === undefined ? '' : (styles[urgency] ?? '')}`;
}

function keyOf(row: Schemas['PipelineSummary'] | undefined): string | undefined {
  return row && `${row.namespace}/${row.name}`;
}

function indexOf(element: Element): number | undefined {
  const index = element.closest('[data-index]')?.getAttribute('data-index');
  return index === null || index === undefined ? undefined : Number(index);
}

function withFocused(range: Range, focused: number | undefined): number[] {
  const indexes = defaultRangeExtractor(range);
  if (focused === undefined || focused >= range.count || indexes.includes(focused)) return indexes;
  return [...indexes, focused].sort((a, b) => a - b);
}
