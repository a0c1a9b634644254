import { useQuery } from '@tanstack/react-query';
import { isBusy } from '../api/busy';
import { useFacets } from '../api/facets';
import { Choice, Filters, TextFilter } from '../components/filters';
import { Empty, Failure, Loading } from '../components/page-states';
import { PipelineFilter } from '../components/pipeline-filter';
import { useAddressFields } from '../components/use-address-fields';
import {
  FailureSection,
  HopSection,
  LeadTimeSection,
  VolumeSection,
  WaitingSection,
} from './figure-sections';
import styles from './figures.module.css';
import { type Figures, readFilter, weekChoices } from './figures-filter';
import { figuresQuery } from './figures-query';
import { describeCoverage } from './figures-text';
import { Summary } from './summary';

/** How long versions take, how often they fail, and what waits. */
export default function FiguresPage() {
  const { fields, set } = useAddressFields();
  const filter = readFilter(fields);
  const { labels } = useFacets();
  const { data, error, failureReason, refetch } = useQuery(figuresQuery(filter));
  return (
    <div className={styles['page']}>
      <h1>Figures</h1>
      <Filters>
        <PipelineFilter value={filter.pipeline} onChange={(value) => set('pipeline', value)} />
        <TextFilter
          label="Label"
          value={filter.label}
          onChange={(value) => set('label', value)}
          placeholder="key=value"
          pattern={{ source: '[^=]+=.*', says: 'key=value' }}
          suggestions={labels}
        />
        <Choice
          label="Range"
          value={String(filter.weeks)}
          onChange={(value) => set('weeks', value)}
          options={weekChoices.map((weeks) => [String(weeks), `${weeks} weeks`])}
        />
      </Filters>
      {error !== null ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        isBusy(failureReason) ? (
          <p role="status">Others read figures at the moment. Trying again…</p>
        ) : (
          <Loading what="the figures" />
        )
      ) : (
        <Content figures={data} isNarrowed={filter.pipeline !== '' || filter.label !== ''} />
      )}
    </div>
  );
}

function Content({ figures, isNarrowed }: { readonly figures: Figures; readonly isNarrowed: boolean }) {
  const { weeks, hops, waiting, coverage, total } = figures;
  if (coverage.lanes === 0) return <NoEnvironments isNarrowed={isNarrowed} />;
  const { says, gaps } = describeCoverage(figures);
  return (
    <>
      <div className={styles['coverage']}>
        <p>{says}</p>
        {gaps.map((gap) => (
          <p key={gap} className={styles['gap']} role="status">
            {gap}
          </p>
        ))}
      </div>
      {total.promotions + total.deployments + waiting.count === 0 && coverage.read === coverage.lanes ? (
        <Empty title="No promotions in these weeks">
          <p>Choose a longer range. The next version that Flux reports appears here when it is proposed.</p>
        </Empty>
      ) : (
        <>
          <Summary figures={figures} />
          <LeadTimeSection weeks={weeks} />
          {hops.length > 0 && <HopSection hops={hops} />}
          <VolumeSection weeks={weeks} />
          <FailureSection weeks={weeks} />
          <WaitingSection waiting={waiting} />
        </>
      )}
    </>
  );
}

function NoEnvironments({ isNarrowed }: { readonly isNarrowed: boolean }) {
  return (
    <Empty title="There are no figures here">
      <p>
        {isNarrowed
          ? 'No promotion was made of such a Pipeline, or you may not see it. Check its namespace, name and labels.'
          : 'Figures appear when Flux has reported the first version and Windlass promotes it, for the namespaces that you may see.'}
      </p>
    </Empty>
  );
}
