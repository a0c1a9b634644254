import { type ReactNode, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import { useLiveEvents } from '../api/live';
import * as paths from '../paths';
import { UserMenu } from '../session/user-menu';
import { ThemeSwitch } from '../theme/theme-switch';
import { Brand } from './brand';
import { FreezeBanner } from './freeze-banner';
import styles from './layout.module.css';
import { StaleBanner } from './stale-banner';
import { usePageHeading } from './use-page-heading';

const pages = [
  { path: paths.board, name: 'Board' },
  { path: paths.activity, name: 'Activity' },
  { path: paths.figures, name: 'Figures' },
];

/** What every page has: its head, what holds everyone, and what is not current. */
export function Layout({ children }: { readonly children: ReactNode }) {
  const live = useLiveEvents();
  const [path] = useLocation();
  const main = useRef<HTMLElement>(null);
  usePageHeading(main, path);
  return (
    <>
      <a className={styles['skip']} href="#content">
        Skip to content
      </a>
      <header className={styles['head']}>
        <Link href={paths.board} className={styles['brand']}>
          <Brand />
        </Link>
        <nav aria-label="Pages">
          {pages.map((page) => (
            <Link
              key={page.path}
              href={page.path}
              className={styles['page']}
              aria-current={page.path === path ? 'page' : undefined}
            >
              {page.name}
            </Link>
          ))}
        </nav>
        <div className={styles['person']}>
          <ThemeSwitch />
          <UserMenu />
        </div>
      </header>
      <StaleBanner live={live} />
      <FreezeBanner />
      <main ref={main} id="content" className={styles['main']} tabIndex={-1}>
        {children}
      </main>
    </>
  );
}
