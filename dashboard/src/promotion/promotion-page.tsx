import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import { Link } from 'wouter';
import { Acts } from '../acts/acts';
import { pipelineOfPromotion } from '../api/promotion-id';
import { promotionQuery } from '../api/pipelines';
import { ApiProblem } from '../api/problem';
import { Empty, Failure, Loading } from '../components/page-states';
import * as paths from '../paths';
import { Approvals, Attempts, Records, Timeline } from './promotion-lists';
import { PromotionHead } from './promotion-head';
import { Way } from './way-line';
import { wayOf } from './way';
import styles from './promotion-page.module.css';

/** One promotion: what happened to it, and what it waits for. */
export default function PromotionPage({ id }: { readonly id: string }) {
  const { data, error, refetch } = useQuery(promotionQuery(id));
  if (data === undefined) {
    return (
      <>
        <h1>Promotion</h1>
        {error === null ? (
          <Loading what="the promotion" />
        ) : error instanceof ApiProblem && error.code === 'not-found' ? (
          <Forgotten id={id} />
        ) : (
          <Failure error={error} onRetry={() => void refetch()} />
        )}
      </>
    );
  }
  const { timeline, approvals, attempts, records, version, environment } = data;
  return (
    <Acts>
      <div className={styles['page']}>
        <PromotionHead promotion={data} />
        <Way steps={wayOf(data)} />
        <div className={styles['columns']}>
          <Section title="Timeline">
            <Timeline timeline={timeline} />
          </Section>
          <div className={styles['side']}>
            {approvals.length > 0 && (
              <Section title="Approvals">
                <Approvals approvals={approvals} />
              </Section>
            )}
            <Section title="Attempts">
              <Attempts attempts={attempts} />
            </Section>
            {records.length > 0 && (
              <Section title={`Record of ${version} in ${environment}`}>
                <Records records={records} />
              </Section>
            )}
          </div>
        </div>
      </div>
    </Acts>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const titleId = useId();
  return (
    <section className={styles['section']} aria-labelledby={titleId}>
      <h2 id={titleId}>{title}</h2>
      {children}
    </section>
  );
}

/** Temporal keeps promotions for a time only, and there may never have been one. */
function Forgotten({ id }: { readonly id: string }) {
  const pipeline = pipelineOfPromotion(id);
  return (
    <Empty title="Temporal does not remember this promotion">
      <p>
        It ended longer ago than Temporal keeps promotions, or there never was one. The record is kept longer.
      </p>
      <p className={styles['id']}>
        <code>{id}</code>
      </p>
      {pipeline.name !== '' && (
        <Link href={paths.pipeline(pipeline)}>
          Go to {pipeline.namespace}/{pipeline.name}
        </Link>
      )}
    </Empty>
  );
}
