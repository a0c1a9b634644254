import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { ActButtons } from '../acts/act-buttons';
import { actsOnFreeze, actsOnPipeline, type Person } from '../acts/offered-acts';
import { type Freeze, type PipelineDetails } from '../api/answers';
import { freezesQuery } from '../api/freezes';
import { Age, Moment } from '../components/time';
import * as paths from '../paths';
import { useMay } from '../session/me';
import styles from './pipeline-head.module.css';

interface PipelineHeadProps {
  readonly pipeline: PipelineDetails;
  readonly person: Person;
}

/** Which Pipeline it is, what holds all of it, and what can be done with all of it. */
export function PipelineHead({ pipeline, person }: PipelineHeadProps) {
  const { namespace, name, application, labels, valid, fault, suspended, changedAt } = pipeline;
  const mayInNamespace = useMay({ namespace });
  const { data } = useQuery(freezesQuery);
  const situation = { pipeline, gates: [], person: person.name };
  const acts = actsOnPipeline(pipeline, person, mayInNamespace('freeze'));
  const freezes = (data?.items ?? []).filter((each) =>
    pipeline.freezes.includes(`${each.namespace}/${each.name}`),
  );
  return (
    <header className={styles['head']}>
      <div className={styles['title']}>
        <nav aria-label="Where this is">
          <Link href={paths.board}>Board</Link>
        </nav>
        <h1>
          <span className={styles['namespace']}>{namespace}/</span>
          {name}
        </h1>
        <p className={styles['facts']}>
          {application !== '' && <span>{application}</span>}
          {Object.entries(labels).map(([key, value]) => (
            <span key={key} className={styles['label']}>
              {key}={value}
            </span>
          ))}
          {changedAt !== undefined && <Age at={changedAt} prefix="Changed " />}
        </p>
      </div>
      <ActButtons acts={acts} situation={situation} />
      {!valid && (
        <p className={styles['bad']}>
          <strong>This Pipeline is invalid.</strong> {fault ?? ''} Nothing is promoted until its manifest is
          corrected.
        </p>
      )}
      {suspended && (
        <p className={styles['hold']}>
          <strong>Suspended.</strong> Nothing is promoted into any environment until someone resumes it.
        </p>
      )}
      {freezes.map((freeze) => (
        <div key={`${freeze.namespace}/${freeze.name}`} className={styles['hold']}>
          <FreezeText freeze={freeze} />
          <ActButtons
            acts={actsOnFreeze(freeze, freeze.namespace === namespace && mayInNamespace('freeze'))}
            situation={situation}
          />
        </div>
      ))}
    </header>
  );
}

function FreezeText({ freeze: { reason, author, until, environments } }: { readonly freeze: Freeze }) {
  return (
    <p>
      <strong>Frozen{environments === undefined ? '' : `: ${environments.join(', ')}`}.</strong> {reason}
      {author === undefined ? '' : ` (${author})`}{' '}
      {until === undefined ? (
        'Until someone ends it.'
      ) : (
        <>
          Until <Moment at={until} />.
        </>
      )}
    </p>
  );
}
