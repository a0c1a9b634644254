import { type ReactNode } from 'react';
import { Link } from 'wouter';
import { useLiveEvents } from '../api/live';
import * as paths from '../paths';
import { UserMenu } from '../session/user-menu';
import { FreezeBanner } from './freeze-banner';
import { StaleBanner } from './stale-banner';
import styles from './layout.module.css';

const pages = [
  { path: paths.board, name: 'Board' },
  { path: paths.activity, name: 'Activity' },
  { path: paths.figures, name: 'Figures' },
];

/** What every page has: its head, what holds everyone, and what is not current. */
export function Layout({ children }: { readonly children: ReactNode }) {
  const live = useLiveEvents();
  return (
    <>
      <a className={styles['skip']} href="#content">
        Skip to content
      </a>
      <header className={styles['head']}>
        <Link href={paths.board} className={styles['brand']}>
          Windlass
        </Link>
        <nav aria-label="Pages">
          {pages.map(({ path, name: page }) => (
            <Link
              key={path}
              href={path}
              className={(isActive) => (isActive ? `${styles['page']} ${styles['current']}` : styles['page'])}
            >
              {page}
            </Link>
          ))}
        </nav>
        <div className={styles['person']}>
          <UserMenu />
        </div>
      </header>
      <StaleBanner live={live} />
      <FreezeBanner />
      <main id="content" className={styles['main']} tabIndex={-1}>
        {children}
      </main>
    </>
  );
}
