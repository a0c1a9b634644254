import { type ClosedGate } from '../api/answers';
import { Sentence } from '../components/sentence';
import { Age, Moment } from '../components/time';
import { partsOf } from './closed-gates';
import styles from './gate-list.module.css';

/** The gates that are closed: what each waits for, what a person can do about it, and when time opens it. */
export function GateList({ gates }: { readonly gates: readonly ClosedGate[] }) {
  if (gates.length === 0) return null;
  return (
    <ul className={styles['gates']}>
      {gates.map(({ gate, says, until }) => {
        const { brief, next, command } = partsOf(says);
        return (
          <li key={`${gate} ${says}`} className={styles['gate']}>
            <strong>
              <Sentence text={brief} />
            </strong>
            {until !== undefined && (
              <p>
                Opens <Age at={until} />: <Moment at={until} />
              </p>
            )}
            {next !== '' && (
              <p className={styles['next']}>
                <Sentence text={next} />
              </p>
            )}
            {command !== '' && (
              <details className={styles['next']}>
                <summary>On the command line</summary>
                {command}
              </details>
            )}
          </li>
        );
      })}
    </ul>
  );
}
