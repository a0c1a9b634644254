import { type ReactNode } from 'react';
import { Link } from 'wouter';
import { heldWords } from '../acts/offered-acts';
import { type EnvironmentDetails } from '../api/answers';
import { OutsideLink } from '../components/outside-link';
import { describeState } from '../components/promotion-state';
import { Age } from '../components/time';
import * as paths from '../paths';
import styles from './environment-card.module.css';

interface EnvironmentNotesProps {
  readonly environment: EnvironmentDetails;
  /** Of the environment before it. */
  readonly before: string | undefined;
}

/** What else there is to know of an environment, each only if there is something. */
export function EnvironmentNotes({ environment, before }: EnvironmentNotesProps) {
  const { settling, queued, held, failed, last, gates, strategy, ahead = [], changes } = environment;
  return (
    <>
      {settling !== undefined && (
        <Note title={describeState(settling.stage).words}>
          <Link href={paths.promotion(settling.promotion)}>{settling.version}</Link>,{' '}
          <Age at={settling.since} />. {environment.name} has not reported it yet.
        </Note>
      )}
      {failed !== undefined && (
        <Note title={`Failed: ${failed.version}`} isBad>
          {last?.version === failed.version && last.detail !== undefined ? last.detail : (failed.code ?? '')}
        </Note>
      )}
      {queued.length > 0 && <Note title="Queued">{queued.join(', ')}</Note>}
      {ahead.length > 0 && (
        <Note title={`Not in ${environment.name} yet`}>
          <ul className={styles['list']}>
            {ahead.map(({ version, at, changes: page }) => (
              <li key={version}>
                <code>{version}</code> <Age at={at} />
                {page !== undefined && (
                  <>
                    {' '}
                    <OutsideLink href={page}>Changes of {version}</OutsideLink>
                  </>
                )}
              </li>
            ))}
          </ul>
          {changes !== undefined && <OutsideLink href={changes}>All changes between them</OutsideLink>}
        </Note>
      )}
      {held.length > 0 && (
        <Note title="Held back">
          <ul className={styles['list']}>
            {held.map(({ version, because, by, url, since }) => (
              <li key={version}>
                <code>{version}</code>, <Age at={since} />: {heldWords[because]}
                {by !== undefined && ` by ${by}`}
                {url !== undefined && (
                  <>
                    {', '}
                    <OutsideLink href={url}>pull request</OutsideLink>
                  </>
                )}
              </li>
            ))}
          </ul>
        </Note>
      )}
      {last !== undefined && last.version !== failed?.version && (
        <Note title="Last promotion">
          <code>{last.version}</code>: {describeState(last.state).words}
          {last.by !== undefined && ` by ${last.by}`}, <Age at={last.at} />
        </Note>
      )}
      {gates.length > 0 && (
        <details className={styles['settings']}>
          <summary>What the Pipeline asks for</summary>
          <ul className={styles['list']}>
            {gates.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </details>
      )}
      {strategy === 'none' && (
        <p className={styles['muted']}>
          {before === undefined
            ? 'Versions begin here.'
            : 'Nothing is promoted into it: the Pipeline has no promotion block for it.'}
        </p>
      )}
    </>
  );
}

interface NoteProps {
  readonly title: string;
  readonly isBad?: boolean;
  readonly children: ReactNode;
}

function Note({ title, isBad = false, children }: NoteProps) {
  return (
    <div className={isBad ? styles['badNote'] : styles['note']}>
      <h3>{title}</h3>
      <div>{children}</div>
    </div>
  );
}
