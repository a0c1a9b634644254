import { type ReactNode } from 'react';
import { Button } from './button';
import styles from './page-states.module.css';

/** While something is read for the first time. @param what in the sentence "Loading …" */
export function Loading({ what }: { readonly what: string }) {
  return (
    <p className={styles['state']} role="status">
      Loading {what}…
    </p>
  );
}

/** Something could not be read: what is wrong, and the next step. */
export function Failure({ error, onRetry }: { readonly error: Error; readonly onRetry?: () => void }) {
  return (
    <div className={styles['state']} role="alert">
      <p>{error.message}</p>
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}

/** There is nothing to show. @param children why, and what makes something appear */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className={styles['state']}>
      <h2>{title}</h2>
      {children}
    </div>
  );
}
