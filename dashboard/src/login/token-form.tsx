import { type SyntheticEvent, useId, useState } from 'react';
import { Button } from '../components/button';
import { useTokenLogin } from '../session/auth';
import styles from './login-page.module.css';

/** A token of any kind that the API accepts. It is sent once, and then stays in a cookie that no script can read. */
export function TokenForm({ tone }: { readonly tone: 'primary' | 'plain' }) {
  const [token, setToken] = useState('');
  const login = useTokenLogin();
  const id = useId();
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (token.trim() !== '') login.mutate(token.trim());
  };
  return (
    <form className={styles['form']} onSubmit={submit}>
      <label htmlFor={id}>Token</label>
      <input
        id={id}
        type="password"
        autoComplete="off"
        spellCheck={false}
        required
        value={token}
        aria-describedby={`${id}-hint`}
        aria-invalid={login.isError}
        aria-errormessage={login.isError ? `${id}-error` : undefined}
        onChange={(event) => setToken(event.target.value)}
      />
      {login.isError && (
        <p id={`${id}-error`} className={styles['error']} role="alert">
          {login.error.message}
        </p>
      )}
      <p id={`${id}-hint`} className={styles['hint']}>
        For example from <code>kubectl create token</code>. With a command line that is logged in,{' '}
        <code>windlass dashboard</code> prints a link instead.
      </p>
      <Button type="submit" tone={tone} disabled={login.isPending}>
        {login.isPending ? 'Logging in…' : 'Log in with the token'}
      </Button>
    </form>
  );
}
