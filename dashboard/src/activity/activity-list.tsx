import { Link } from 'wouter';
import { OutsideLink } from '../components/outside-link';
import { StatusPill } from '../components/status-pill';
import { exactTime } from '../components/time-text';
import * as paths from '../paths';
import styles from './activity.module.css';
import { type Entry } from './audit';
import { groupByDay, kindTexts, timeOfDay } from './activity-text';
import { PromotionLink } from './promotion-link';

interface ActivityListProps {
  readonly entries: readonly Entry[];
  readonly onPerson: (name: string) => void;
}

/** By day, newest first. */
export function ActivityList({ entries, onPerson }: ActivityListProps) {
  return groupByDay(entries).map(({ key, title, entries: ofDay }) => (
    <section key={key} className={styles['day']} aria-label={title}>
      <h2>{title}</h2>
      <ul className={styles['list']}>
        {ofDay.map((entry, index) => (
          // Two records can be equal in all that they say.
          <Line key={`${entry.at}-${index}`} entry={entry} onPerson={onPerson} />
        ))}
      </ul>
    </section>
  ));
}

function Line({ entry, onPerson }: { readonly entry: Entry; readonly onPerson: (name: string) => void }) {
  const { kind, at, detail } = entry;
  const { text, tone } = kindTexts[kind];
  return (
    <li className={styles['line']}>
      <time className={styles['time']} dateTime={at} title={exactTime(at)}>
        {timeOfDay(at)}
      </time>
      <span className={styles['kind']}>
        <StatusPill tone={tone}>{text}</StatusPill>
      </span>
      <div className={styles['what']}>
        <p>
          <Where entry={entry} />
        </p>
        {detail !== undefined && (
          <p className={styles['detail']}>
            <OutsideLink href={detail}>{detail.replace(/^https:\/\//, '')}</OutsideLink>
          </p>
        )}
      </div>
      <Who entry={entry} onPerson={onPerson} />
    </li>
  );
}

function Where({ entry: { namespace, pipeline, environment, version } }: { readonly entry: Entry }) {
  if (namespace === undefined) return version ?? null;
  if (pipeline === undefined) return <>{`Namespace ${namespace}`}</>;
  const name = `${namespace}/${pipeline}`;
  return (
    <>
      {version !== undefined && environment !== undefined ? (
        <PromotionLink pipeline={name} environment={environment} version={version} />
      ) : (
        version
      )}
      {version !== undefined && environment !== undefined && ' into '}
      {environment}
      {environment !== undefined && ' of '}
      <Link href={paths.pipeline({ namespace, name: pipeline })}>{name}</Link>
    </>
  );
}

function Who({
  entry: { by, via, from, groups = [] },
  onPerson,
}: {
  readonly entry: Entry;
  readonly onPerson: (name: string) => void;
}) {
  if (by === undefined) return <span className={styles['who']} />;
  const facts = [
    via === undefined ? undefined : `via ${via}`,
    from === undefined ? undefined : `from ${from}`,
  ];
  return (
    <div className={styles['who']}>
      <button
        type="button"
        className={styles['link']}
        title={groups.length === 0 ? 'Only what this person did' : `Groups: ${groups.join(', ')}`}
        onClick={() => onPerson(by)}
      >
        {by}
      </button>
      <span className={styles['muted']}>{facts.filter(Boolean).join(', ')}</span>
    </div>
  );
}
