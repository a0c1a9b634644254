import { type ClosedGate } from '../api/answers';
import { Moment } from '../components/time';
import { nameOfGate } from './closed-gates';
import styles from './gate-list.module.css';

/** The gates that are closed: what each waits for, what a person can do about it, and when time opens it. */
export function GateList({ gates }: { readonly gates: readonly ClosedGate[] }) {
  if (gates.length === 0) return null;
  return (
    <ul className={styles['gates']}>
      {gates.map(({ gate, says, until }) => (
        <li key={`${gate} ${says}`} className={styles['gate']}>
          <strong>{nameOfGate(gate)}</strong>
          <p>{says}</p>
          {until !== undefined && (
            <p className={styles['until']}>
              Until <Moment at={until} />
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
