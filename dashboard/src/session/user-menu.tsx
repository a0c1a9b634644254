import { useId, useRef, useState } from 'react';
import { Button } from '../components/button';
import { Moment } from '../components/time';
import { useLogout } from './auth';
import { type Me } from './me';
import { useSession } from './session';
import styles from './user-menu.module.css';

/** What vouches for the name. */
const vouchers: Readonly<Record<Me['via'], string>> = {
  kubernetes: 'a token of Kubernetes',
  oidc: 'OpenID Connect',
  token: 'a static token',
  signature: 'a signature',
};

/** Who is logged in, and the way out. For the end of the page's head. */
export function UserMenu() {
  const { name, groups, via, warning, session } = useSession();
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const [place, setPlace] = useState({ top: 0, right: 0 });
  const logout = useLogout();
  const putBelowButton = (): void => {
    const { bottom = 0, right = 0 } = button.current?.getBoundingClientRect() ?? {};
    setPlace({ top: bottom + 6, right: Math.max(8, document.documentElement.clientWidth - right) });
  };
  return (
    <div className={styles['menu']}>
      <button
        ref={button}
        type="button"
        className={styles['person']}
        popoverTarget={id}
        aria-label={`Account of ${name}`}
      >
        {warning !== undefined && <span className={styles['mark']} aria-hidden="true" />}
        <span className={styles['name']}>{name}</span>
        <span aria-hidden="true">▾</span>
      </button>
      <div
        id={id}
        popover="auto"
        role="group"
        aria-label="Account"
        className={styles['panel']}
        style={place}
        onBeforeToggle={putBelowButton}
      >
        <dl className={styles['facts']}>
          <dt>Name</dt>
          <dd>{name}</dd>
          <dt>Known by</dt>
          <dd>{vouchers[via]}</dd>
          {groups.length > 0 && (
            <>
              <dt>Groups</dt>
              <dd className={styles['groups']}>{groups.join(', ')}</dd>
            </>
          )}
          {session !== undefined && (
            <>
              <dt>Session ends</dt>
              <dd>
                <Moment at={session.until} />
              </dd>
            </>
          )}
        </dl>
        {warning !== undefined && <p className={styles['warning']}>{warning}</p>}
        {logout.isError && (
          <p className={styles['error']} role="alert">
            {logout.error.message}
          </p>
        )}
        {session !== undefined && (
          <Button disabled={logout.isPending} onClick={() => logout.mutate()}>
            Log out
          </Button>
        )}
      </div>
    </div>
  );
}
