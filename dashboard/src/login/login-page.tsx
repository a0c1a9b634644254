import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { LinkButton } from '../components/link-button';
import { issuerLogin, loginOptionsQuery } from '../session/auth';
import { failureSentence } from './login-failures';
import { returnAddress } from './return-address';
import { TokenForm } from './token-form';
import styles from './login-page.module.css';

interface LoginPageProps {
  /** Someone was logged in until now. */
  readonly hasEnded?: boolean;
}

/** The ways to log in that the server has. At any address, to which the login leads. */
export function LoginPage({ hasEnded = false }: LoginPageProps) {
  const { data, error } = useQuery(loginOptionsQuery);
  const heading = useRef<HTMLHeadingElement>(null);
  const returnTo = returnAddress(window.location);
  const failure = failureSentence(new URLSearchParams(window.location.search).get('failed'));
  useEffect(() => {
    document.title = 'Log in · Windlass';
    // A screen reader continues here when the page behind it is gone.
    heading.current?.focus();
  }, []);
  const notice = hasEnded ? 'Your session has ended. Log in again to continue where you were.' : undefined;
  return (
    <main className={styles['page']}>
      <div className={styles['card']}>
        <header className={styles['head']}>
          <img src="/favicon.svg" alt="" width="36" height="36" />
          <h1 ref={heading} tabIndex={-1}>
            Log in to Windlass
          </h1>
        </header>
        {failure !== undefined && (
          <p className={styles['failure']} role="alert">
            {failure}
          </p>
        )}
        {failure === undefined && notice !== undefined && (
          <p className={styles['notice']} role="status">
            {notice}
          </p>
        )}
        {window.isSecureContext ? (
          <Ways issuer={data?.issuer} isKnown={data !== undefined || error !== null} returnTo={returnTo} />
        ) : (
          <p className={styles['failure']}>
            This page came over plain HTTP, where others can read what you send. Open it by https, or use{' '}
            <code>kubectl port-forward</code> and <code>http://127.0.0.1</code>.
          </p>
        )}
      </div>
    </main>
  );
}

interface WaysProps {
  readonly issuer: string | undefined;
  /** Whether the server has said which ways there are. */
  readonly isKnown: boolean;
  readonly returnTo: string;
}

function Ways({ issuer, isKnown, returnTo }: WaysProps) {
  if (!isKnown) return <p role="status">Loading the ways to log in…</p>;
  if (issuer === undefined) return <TokenForm tone="primary" />;
  return (
    <>
      <LinkButton tone="primary" href={issuerLogin(returnTo)}>
        Log in with {issuer}
      </LinkButton>
      <details className={styles['other']}>
        <summary>Use a token</summary>
        <TokenForm tone="plain" />
      </details>
    </>
  );
}
