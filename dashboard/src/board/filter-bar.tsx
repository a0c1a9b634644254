import { useRef } from 'react';
import { type Schemas } from '../api/client';
import { Button } from '../components/button';
import { useMedia } from '../components/use-media';
import { AttentionChips } from './attention-chips';
import { type BoardFilter, everything, leavesOut, longest, sortings } from './filter';
import styles from './filter-bar.module.css';
import { ChosenText, TypedText } from './text-filter';
import { useSlashKey } from './use-slash-key';

interface FilterBarProps {
  readonly filter: BoardFilter;
  readonly change: (part: Partial<BoardFilter>, isTyped?: boolean) => void;
  /** Those that were read, which suggest namespaces and labels. */
  readonly rows: readonly Schemas['PipelineSummary'][];
}

/** Which Pipelines are shown, and in which order. */
export function FilterBar({ filter, change, rows }: FilterBarProps) {
  const search = useRef<HTMLInputElement>(null);
  useSlashKey(search);
  const isNarrow = useMedia('(width < 48rem)');
  const namespaces = [...new Set(rows.map(({ namespace }) => namespace))].slice(0, mostSuggested);
  const labels = [
    ...new Set(rows.flatMap((row) => Object.entries(row.labels).map(([key, value]) => `${key}=${value}`))),
  ];
  const others = (
    <>
      <ChosenText
        label="Namespace"
        hint="All"
        value={filter.namespace}
        maxLength={longest.namespace}
        suggested={namespaces}
        onChange={(namespace) => change({ namespace })}
      />
      <ChosenText
        label="Label"
        hint="team=payments"
        value={filter.label}
        maxLength={longest.label}
        suggested={labels.slice(0, mostSuggested)}
        onChange={(label) => change({ label })}
      />
      <label className={styles['field']}>
        <span>Sort by</span>
        <select
          value={filter.sort}
          onChange={({ target }) =>
            change({ sort: sortings.find(({ sort }) => sort === target.value)?.sort ?? everything.sort })
          }
        >
          {sortings.map(({ sort, name }) => (
            <option key={sort} value={sort}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </>
  );
  return (
    <search className={styles['bar']}>
      <div className={styles['fields']}>
        <TypedText
          ref={search}
          label="Search"
          hint="Name, press /"
          value={filter.search}
          maxLength={longest.search}
          onChange={(text) => change({ search: text }, true)}
        />
        {isNarrow ? (
          <details className={styles['more']} open={filter.namespace !== '' || filter.label !== ''}>
            <summary>More filters, sorting</summary>
            <div className={styles['fields']}>{others}</div>
          </details>
        ) : (
          others
        )}
      </div>
      <div className={styles['chips']}>
        <AttentionChips filter={filter} change={change} />
        {leavesOut(filter) && (
          <Button className={styles['clear']} onClick={() => change({ ...everything, sort: filter.sort })}>
            Clear filters
          </Button>
        )}
      </div>
    </search>
  );
}

/** A browser draws all suggestions at once. */
const mostSuggested = 100;
