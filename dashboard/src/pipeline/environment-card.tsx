import { useId } from 'react';
import { ActButtons } from '../acts/act-buttons';
import { actsOnEnvironment, type Person } from '../acts/offered-acts';
import { type EnvironmentDetails, type PipelineDetails } from '../api/answers';
import { StatusPill } from '../components/status-pill';
import { Age } from '../components/time';
import { ActingPromotion } from './acting-promotion';
import { EnvironmentNotes } from './environment-notes';
import { environmentStatus, runsSince } from './environment-status';
import styles from './environment-card.module.css';

interface EnvironmentCardProps {
  readonly pipeline: PipelineDetails;
  readonly environment: EnvironmentDetails;
  /** Of the environment before it. */
  readonly before: string | undefined;
  readonly person: Person;
}

/** What runs in an environment, what is next, and what can be done. */
export function EnvironmentCard({ pipeline, environment, before, person }: EnvironmentCardProps) {
  const titleId = useId();
  const { tone, words } = environmentStatus(environment);
  const { acting } = environment;
  return (
    <article className={styles['card']} aria-labelledby={titleId}>
      <header className={styles['head']}>
        <h2 id={titleId}>{environment.name}</h2>
        <StatusPill tone={tone}>{words}</StatusPill>
      </header>
      <Running environment={environment} />
      {acting !== undefined && (
        <ActingPromotion pipeline={pipeline} environment={environment} acting={acting} person={person} />
      )}
      <EnvironmentNotes environment={environment} before={before} />
      <footer className={styles['foot']}>
        <ActButtons
          acts={actsOnEnvironment(pipeline, environment, person)}
          situation={{ pipeline, environment, gates: [], person: person.name }}
        />
      </footer>
    </article>
  );
}

function Running({ environment }: { readonly environment: EnvironmentDetails }) {
  const { version, running, targets } = environment;
  const since = runsSince(environment);
  return (
    <div className={styles['running']}>
      {version !== undefined && (
        <p className={styles['version']}>
          <code>{version}</code>
          {since !== undefined && <Age at={since} prefix="reported " />}
        </p>
      )}
      {version === undefined && running.length === 0 && (
        <p className={styles['none']}>It has not reported what it runs.</p>
      )}
      {version === undefined && running.length > 0 && (
        <ul className={styles['targets']}>
          {running.map((target) => (
            <li key={target.object}>
              <code>{target.version}</code> on {target.object}, <Age at={target.since} />
            </li>
          ))}
        </ul>
      )}
      {targets.length > 0 && (
        <p className={styles['muted']}>
          {targets.length === 1 ? 'Target ' : 'Targets '}
          {targets
            .map(({ namespace, cluster }) =>
              cluster === undefined ? namespace : `${namespace} in ${cluster}`,
            )
            .join(', ')}
        </p>
      )}
    </div>
  );
}
