import { Link } from 'wouter';
import { type Schemas } from '../api/client';
import { OutsideLink } from '../components/outside-link';
import { Sentence } from '../components/sentence';
import { StatusPill } from '../components/status-pill';
import { Age } from '../components/time';
import * as paths from '../paths';
import styles from './board.module.css';
import { cellOf, type Note, type Running } from './cell';

interface BoardCellProps {
  /** Of the environment. */
  readonly name: string;
  /** Undefined: the Pipeline does not have it. */
  readonly environment: Schemas['Environment'] | undefined;
  /** Nothing is promoted into it. */
  readonly isFirst: boolean;
}

export function BoardCell({ name, environment, isFirst }: BoardCellProps) {
  if (environment === undefined) {
    return (
      <div role="cell" className={`${styles['cell'] ?? ''} ${styles['absent'] ?? ''}`}>
        <span className={styles['hidden']}>No {name}</span>
      </div>
    );
  }
  const { running, notes } = cellOf(environment);
  return (
    <div role="cell" className={styles['cell']}>
      <span className={styles['environment']}>{name}</span>
      <div className={styles['content']}>
        <RunningVersion running={running} isFirst={isFirst} />
        {notes.map((note) => (
          <NoteLine key={`${note.version ?? ''} ${note.says}`} note={note} />
        ))}
      </div>
    </div>
  );
}

function RunningVersion({ running, isFirst }: { readonly running: Running; readonly isFirst: boolean }) {
  switch (running.kind) {
    case 'unknown':
      return <p className={styles['muted']}>{isFirst ? 'Nothing reported yet' : 'Nothing promoted yet'}</p>;
    case 'same':
      return (
        <p className={styles['line']}>
          <code className={styles['version']} title={running.version}>
            {running.version}
          </code>
          <span className={styles['muted']}>
            <Age at={running.since} />
          </span>
        </p>
      );
    case 'differing':
      return (
        <div className={styles['line']}>
          <StatusPill tone="busy">Targets differ</StatusPill>
          {running.versions.slice(0, mostDiffering).map(({ version, targets }) => (
            <span key={version} className={styles['line']}>
              <code className={styles['version']} title={version}>
                {version}
              </code>
              <span className={styles['muted']}>
                {targets} {targets === 1 ? 'target' : 'targets'}
              </span>
            </span>
          ))}
          {running.versions.length > mostDiffering && (
            <span className={styles['muted']}>and {running.versions.length - mostDiffering} more</span>
          )}
        </div>
      );
  }
}

const mostDiffering = 3;

function NoteLine({ note }: { readonly note: Note }) {
  const { tone, version, isNext, says, detail, pullRequest, since, promotion } = note;
  return (
    <div>
      <p className={styles['line']}>
        {isNext && (
          <span aria-hidden className={styles['muted']}>
            →
          </span>
        )}
        {version !== undefined && <NotedVersion version={version} promotion={promotion} />}
        <StatusPill tone={tone}>{says}</StatusPill>
        {pullRequest !== undefined && (
          <OutsideLink href={pullRequest.url}>
            <span className={styles['number']}>#{pullRequest.number}</span>
          </OutsideLink>
        )}
        {detail === undefined && since !== undefined && (
          <span className={styles['muted']}>
            <Age at={since} />
          </span>
        )}
      </p>
      {detail !== undefined && (
        <p className={styles['detail']} title={detail}>
          {since !== undefined && (
            <>
              <Age at={since} />
              {' · '}
            </>
          )}
          <Sentence text={detail} />
        </p>
      )}
    </div>
  );
}

/** @param promotion the id of its promotion, where there is a page for it */
function NotedVersion({
  version,
  promotion,
}: {
  readonly version: string;
  readonly promotion: string | undefined;
}) {
  const code = <code title={version}>{version}</code>;
  return promotion === undefined ? code : <Link href={paths.promotion(promotion)}>{code}</Link>;
}
