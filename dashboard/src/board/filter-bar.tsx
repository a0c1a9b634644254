import { useRef } from 'react';
import { useFacets } from '../api/facets';
import { Button } from '../components/button';
import { Choice, Filters, SearchFilter, TextFilter } from '../components/filters';
import { useMedia } from '../components/use-media';
import { AttentionChips } from './attention-chips';
import { type BoardFilter, everything, leavesOut, longest, sortings } from './filter';
import styles from './filter-bar.module.css';
import { useSlashKey } from './use-slash-key';

interface FilterBarProps {
  readonly filter: BoardFilter;
  readonly change: (part: Partial<BoardFilter>, isTyped?: boolean) => void;
}

/** Which Pipelines are shown, and in which order. */
export function FilterBar({ filter, change }: FilterBarProps) {
  const search = useRef<HTMLInputElement>(null);
  useSlashKey(search);
  const { namespaces, labels } = useFacets();
  const isNarrow = useMedia('(width < 48rem)');
  const others = (
    <>
      <TextFilter
        label="Namespace"
        placeholder="All"
        value={filter.namespace}
        maxLength={longest.namespace}
        suggestions={namespaces}
        onChange={(namespace) => change({ namespace })}
      />
      <TextFilter
        label="Label"
        placeholder="key=value"
        value={filter.label}
        maxLength={longest.label}
        suggestions={labels}
        onChange={(label) => change({ label })}
      />
      <Choice
        label="Sort by"
        value={filter.sort}
        onChange={(value) =>
          change({ sort: sortings.find(({ sort }) => sort === value)?.sort ?? everything.sort })
        }
        options={sortings.map(({ sort, name }) => [sort, name])}
      />
    </>
  );
  return (
    <div className={styles['bar']}>
      <Filters>
        <SearchFilter
          ref={search}
          label="Search"
          placeholder="Name, press /"
          value={filter.search}
          maxLength={longest.search}
          onChange={(text) => change({ search: text }, true)}
        />
        {isNarrow ? (
          <details className={styles['more']} open={filter.namespace !== '' || filter.label !== ''}>
            <summary>More filters, sorting</summary>
            <div className={styles['others']}>{others}</div>
          </details>
        ) : (
          others
        )}
      </Filters>
      <div className={styles['chips']}>
        <AttentionChips filter={filter} change={change} />
        {leavesOut(filter) && (
          <Button className={styles['clear']} onClick={() => change({ ...everything, sort: filter.sort })}>
            Clear filters
          </Button>
        )}
      </div>
    </div>
  );
}
