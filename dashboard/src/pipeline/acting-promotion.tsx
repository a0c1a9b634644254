import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { type Person } from '../acts/offered-acts';
import { PromotionActs } from '../acts/promotion-acts';
import { type EnvironmentDetails, type PipelineDetails } from '../api/answers';
import { promotionQuery } from '../api/pipelines';
import { OutsideLink } from '../components/outside-link';
import { Age } from '../components/time';
import { GateList } from '../gates/gate-list';
import * as paths from '../paths';
import styles from './environment-card.module.css';

interface ActingPromotionProps {
  readonly pipeline: PipelineDetails;
  readonly environment: EnvironmentDetails;
  readonly acting: NonNullable<EnvironmentDetails['acting']>;
  readonly person: Person;
}

/** The promotion that acts: what it waits for, and what a person can do about it. */
export function ActingPromotion({ pipeline, environment, acting, person }: ActingPromotionProps) {
  const { data } = useQuery(promotionQuery(acting.promotion));
  const gates = data?.gates ?? [];
  const { version, action, from, since, waits, pullRequest } = acting;
  const shown = { version, action, head: data?.pullRequest?.head };
  return (
    <div className={styles['next']}>
      <h3>
        {action === 'withdraw' ? 'Withdraws ' : 'Next: '}
        <code>{version}</code>
      </h3>
      <p className={styles['muted']}>
        From {from}, <Age at={since} />
      </p>
      {gates.length > 0 ? <GateList gates={gates} /> : waits !== undefined && <p>{waits}.</p>}
      <p className={styles['links']}>
        {pullRequest !== undefined && (
          <span>
            <OutsideLink href={pullRequest.url}>Pull request #{pullRequest.number}</OutsideLink>{' '}
            <span className={styles['muted']}>
              <Age at={pullRequest.since} />
            </span>
          </span>
        )}
        <Link href={paths.promotion(acting.promotion)}>Timeline of {version}</Link>
      </p>
      <PromotionActs
        shown={shown}
        person={person}
        situation={{ pipeline, environment, gates, person: person.name }}
      />
    </div>
  );
}
