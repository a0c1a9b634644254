import { useQuery } from '@tanstack/react-query';
import { type Schemas } from '../api/client';
import { freezesQuery } from '../api/freezes';
import { Moment } from '../components/time';
import styles from './banner.module.css';
import { describeFrozen } from './freeze-text';

/** On every page while something is frozen: who, why, until when, and what. Several are one line, with the rest behind it. */
export function FreezeBanner() {
  const { data } = useQuery(freezesQuery);
  const inForce = data?.items.filter((freeze) => freeze.inForce) ?? [];
  const [only, ...others] = inForce;
  if (only === undefined) return null;
  return (
    <aside aria-label="Freezes" className={`${styles['banner'] ?? ''} ${styles['freeze'] ?? ''}`}>
      {others.length === 0 ? (
        <One freeze={only} />
      ) : (
        <details>
          <summary>
            <strong>{inForce.length} freezes are in force.</strong> Show what they hold, why and until when
          </summary>
          <ul>
            {inForce.map((freeze) => (
              <li key={`${freeze.namespace}/${freeze.name}`}>
                <One freeze={freeze} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </aside>
  );
}

function One({ freeze }: { readonly freeze: Schemas['Freeze'] }) {
  const { reason, author, until } = freeze;
  return (
    <p>
      <strong>Frozen: {reason}</strong> ·{' '}
      <span>
        {describeFrozen(freeze)},{' '}
        {until === undefined ? (
          'until someone ends it'
        ) : (
          <>
            until <Moment at={until} />
          </>
        )}
        .{author !== undefined && ` By ${author}.`}
      </span>
    </p>
  );
}
