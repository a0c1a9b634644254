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

interface EmptyProps {
  readonly title: string;
  /** The page has no other heading. */
  readonly isPage?: boolean;
  /** Why, and what makes something appear. */
  readonly children?: ReactNode;
}

/** There is nothing to show. */
export function Empty({ title, isPage = false, children }: EmptyProps) {
  return (
    <div className={styles['state']}>
      {isPage ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children}
    </div>
  );
}
