import { memo } from 'react';
import { Link } from 'wouter';
import { type Schemas } from '../api/client';
import { StatusPill } from '../components/status-pill';
import * as paths from '../paths';
import styles from './board.module.css';
import { BoardCell } from './board-cell';

interface BoardRowProps {
  readonly pipeline: Schemas['PipelineSummary'];
  /** Undefined: the row shows its own environments. */
  readonly columns: readonly string[] | undefined;
}

/** The cells of one Pipeline. Drawn again only if something of it has changed. */
export const BoardRow = memo(function BoardRow({ pipeline, columns }: BoardRowProps) {
  const { namespace, name, environments, valid, fault, suspended } = pipeline;
  const places =
    columns === undefined
      ? environments.map((environment) => ({ name: environment.name, environment }))
      : columns.map((column) => ({
          name: column,
          environment: environments.find((each) => each.name === column),
        }));
  return (
    <>
      <div role="rowheader" className={styles['name']}>
        <Link href={paths.pipeline(pipeline)} data-row-link>
          <span className={styles['namespace']}>{namespace}/</span>
          <wbr />
          <strong>{name}</strong>
        </Link>
        {suspended && <StatusPill tone="idle">Suspended</StatusPill>}
        {!valid && <StatusPill tone="bad">Invalid</StatusPill>}
        {!valid && fault !== undefined && <p className={styles['fault']}>{fault}</p>}
      </div>
      {places.map((place) => (
        <BoardCell
          key={place.name}
          name={place.name}
          environment={place.environment}
          isFirst={place.environment !== undefined && place.environment === environments[0]}
        />
      ))}
      {places.length === 0 && <div role="cell" className={styles['cell']} />}
    </>
  );
});
