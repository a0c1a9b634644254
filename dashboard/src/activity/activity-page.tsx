import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useFacets } from '../api/facets';
import { isBusy } from '../api/busy';
import { Button } from '../components/button';
import { Choice, Filters, TextFilter } from '../components/filters';
import { Empty, Failure, Loading } from '../components/page-states';
import { PipelineFilter } from '../components/pipeline-filter';
import { useAddressFields } from '../components/use-address-fields';
import { ActivityList } from './activity-list';
import styles from './activity.module.css';
import { type ActivityFilter, readFilter, shownLimits } from './activity-filter';
import { auditQuery } from './activity-query';
import { describeGaps, kindTexts } from './activity-text';
import { type Audit } from './audit';
import { ExportButtons } from './export-buttons';

const kinds = [
  ['', 'Everything'],
  ['decisions', 'Decisions'],
  ...Object.entries(kindTexts).map(([kind, { text }]) => [kind, text] as const),
] as const;

const rangeTexts = [
  ['1', '24 hours'],
  ['7', '7 days'],
  ['30', '30 days'],
  ['90', '90 days'],
  ['all', 'All that is kept'],
] as const;

/** Who did what, and what came of it. */
export default function ActivityPage() {
  const { fields, set } = useAddressFields();
  const filter = readFilter(fields);
  const [limit, setLimit] = useState<number>(shownLimits[0]);
  const { data, error, failureReason, isFetching, refetch } = useQuery(auditQuery(filter, limit));
  return (
    <div className={styles['page']}>
      <div className={styles['head']}>
        <h1>Activity</h1>
        <span role="status" className={styles['muted']}>
          {isFetching && data !== undefined && (isBusy(failureReason) ? waits : 'Reading the record…')}
        </span>
        <Button disabled={isFetching} onClick={() => void refetch()}>
          Read again
        </Button>
      </div>
      <ActivityFilters filter={filter} set={set} />
      {error !== null ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        isBusy(failureReason) ? (
          <p role="status">{waits}</p>
        ) : (
          <Loading what="the record" />
        )
      ) : (
        <Content
          audit={data}
          filter={filter}
          limit={limit}
          onPerson={(name) => set('by', name)}
          onMore={() => setLimit(shownLimits[1])}
        />
      )}
    </div>
  );
}

const waits = 'Other people are reading the record. Trying again…';

function ActivityFilters({
  filter,
  set,
}: {
  readonly filter: ActivityFilter;
  readonly set: (name: string, value: string) => void;
}) {
  const { namespaces, environments } = useFacets();
  return (
    <Filters>
      <PipelineFilter value={filter.pipeline} onChange={(value) => set('pipeline', value)} />
      <TextFilter
        label="Namespace"
        value={filter.namespace}
        onChange={(value) => set('namespace', value)}
        pattern={{ source: '[a-z0-9]([\\-a-z0-9]*[a-z0-9])?', says: 'The name of a namespace' }}
        suggestions={namespaces}
      />
      <TextFilter
        label="Environment"
        value={filter.environment}
        onChange={(value) => set('environment', value)}
        suggestions={environments}
      />
      <TextFilter
        label="Person"
        value={filter.by}
        onChange={(value) => set('by', value)}
        placeholder="The whole name"
      />
      <Choice label="What" value={filter.kind} onChange={(value) => set('kind', value)} options={kinds} />
      <Choice
        label="Range"
        value={filter.range}
        onChange={(value) => set('range', value)}
        options={rangeTexts}
      />
    </Filters>
  );
}

interface ContentProps {
  readonly audit: Audit;
  readonly filter: ActivityFilter;
  readonly limit: number;
  readonly onPerson: (name: string) => void;
  readonly onMore: () => void;
}

function Content({ audit, filter, limit, onPerson, onMore }: ContentProps) {
  const { records, complete, silent } = audit;
  const gaps = describeGaps(audit);
  // The API says that lines are missing also where a lane did not answer.
  const isCut = records.length >= limit && !complete;
  const isAll = complete || (silent.length > 0 && records.length < limit);
  return (
    <>
      {gaps.map((gap) => (
        <p key={gap} className={styles['gap']} role="status">
          {gap}
        </p>
      ))}
      {records.length === 0 ? (
        <Empty title="Nothing is recorded here">
          <p>Choose a longer range, or fewer filters. Each promotion and each decision adds a line.</p>
        </Empty>
      ) : (
        <>
          <div className={styles['above']}>
            <p className={styles['muted']}>
              {isCut
                ? `The newest ${records.length.toLocaleString()} lines`
                : `${records.length.toLocaleString()} ${records.length === 1 ? 'line' : 'lines'}`}
            </p>
            <ExportButtons filter={filter} shown={audit} isAll={isAll} />
          </div>
          <ActivityList entries={records} onPerson={onPerson} />
          {isCut &&
            (limit < shownLimits[1] ? (
              <Button className={styles['more'] ?? ''} onClick={onMore}>
                Show older lines
              </Button>
            ) : (
              <p className={styles['muted']}>There are older lines. Choose less, or export them.</p>
            ))}
        </>
      )}
    </>
  );
}
