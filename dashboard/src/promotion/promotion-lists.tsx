/** What is known of a promotion, as lists. */
import { type ReactNode } from 'react';
import { type PromotionDetails } from '../api/answers';
import { OutsideLink } from '../components/outside-link';
import { Age, Moment } from '../components/time';
import { describeDuration } from '../components/time-text';
import { describeAttempt, describeStep, timelineEntries } from './timeline-entries';
import styles from './promotion-page.module.css';

export function Timeline({ timeline }: Pick<PromotionDetails, 'timeline'>) {
  return (
    <ol className={styles['list']}>
      {timelineEntries(timeline).map(({ words, at, by, detail, tookMs }, index) => (
        <Entry
          key={`${index} ${at}`}
          at={at}
          note={tookMs === undefined || tookMs < 1_000 ? undefined : `after ${describeDuration(tookMs)}`}
        >
          <strong>{words}</strong>
          {by !== undefined && ` by ${by}`}
          {detail !== undefined && <q>{detail}</q>}
        </Entry>
      ))}
    </ol>
  );
}

export function Attempts({ attempts }: Pick<PromotionDetails, 'attempts'>) {
  if (attempts.length === 0) return <p className={styles['none']}>There was none yet.</p>;
  return (
    <ol className={styles['list']}>
      {attempts.map((attempt) => (
        <Entry key={attempt.number} at={attempt.at} note={attempt.code}>
          <strong>{attempt.number}.</strong> {describeAttempt(attempt)}
        </Entry>
      ))}
    </ol>
  );
}

export function Approvals({ approvals }: Pick<PromotionDetails, 'approvals'>) {
  return (
    <ul className={styles['list']}>
      {approvals.map(({ by, at, head }) => (
        <Entry
          key={`${by} ${at}`}
          at={at}
          note={head === undefined ? undefined : `commit ${head.slice(0, 7)}`}
        >
          <strong>{by}</strong>
        </Entry>
      ))}
    </ul>
  );
}

/** Newest first: what its lane keeps, also of other promotions of the same version. */
export function Records({ records }: Pick<PromotionDetails, 'records'>) {
  return (
    <ul className={styles['list']}>
      {records.map(({ kind, at, by, detail, via }, index) => (
        <Entry key={`${index} ${at}`} at={at} note={via}>
          <strong>{describeStep(kind)}</strong>
          {by !== undefined && ` by ${by}`}
          {detail !== undefined && (
            <q>
              <OutsideLink href={detail}>{detail}</OutsideLink>
            </q>
          )}
        </Entry>
      ))}
    </ul>
  );
}

interface EntryProps {
  readonly at: string;
  readonly note: string | undefined;
  readonly children: ReactNode;
}

function Entry({ at, note, children }: EntryProps) {
  return (
    <li className={styles['entry']}>
      <div>{children}</div>
      <div className={styles['when']}>
        <Moment at={at} /> (<Age at={at} />){note !== undefined && `, ${note}`}
      </div>
    </li>
  );
}
