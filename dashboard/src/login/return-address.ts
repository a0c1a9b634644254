import * as paths from '../paths';

interface Address {
  readonly pathname: string;
  readonly search: string;
}

/**
 * Where a login leads: the page that someone wanted to see.
 * @param location of the login page, which can be shown at every address
 */
export function returnAddress({ pathname, search }: Address): string {
  if (pathname !== paths.login) return pathname + search;
  const wanted = new URLSearchParams(search).get('returnTo') ?? paths.board;
  // The same as the server decides: a page of the dashboard, and never another site.
  const base = 'http://dashboard.invalid';
  const url = URL.canParse(wanted, base) ? new URL(wanted, base) : undefined;
  if (url?.origin !== base || !wanted.startsWith('/') || url.pathname.startsWith('//')) return paths.board;
  return url.pathname === paths.login ? paths.board : url.pathname + url.search;
}
