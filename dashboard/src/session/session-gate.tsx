import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { Redirect, useRoute } from 'wouter';
import { ApiProblem } from '../api/problem';
import { Failure, Loading } from '../components/page-states';
import { LoginPage } from '../login/login-page';
import { returnAddress } from '../login/return-address';
import * as paths from '../paths';
import { type Me, meQuery } from './me';
import { SessionContext } from './session';

/** Shows the dashboard to who is logged in, and the login page to others: at the same address, to which the login leads. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const { data, error, refetch } = useQuery(meQuery());
  const [isLogin] = useRoute(paths.login);
  useEnd(data, refetch);
  if (error instanceof ApiProblem && error.code === 'unauthenticated') {
    return <LoginPage hasEnded={data !== undefined} />;
  }
  if (data === undefined) {
    return error === null ? (
      <Loading what="your session" />
    ) : (
      <Failure error={error} onRetry={() => void refetch()} />
    );
  }
  if (isLogin) return <Redirect to={returnAddress(window.location)} replace />;
  return <SessionContext value={data}>{children}</SessionContext>;
}

/** The server ends the session a moment before this asks again. */
const graceMs = 1_000;

/** @param readAgain the same function at each call */
function useEnd(me: Me | undefined, readAgain: () => Promise<unknown>): void {
  const until = me?.session?.until;
  useEffect(() => {
    if (until === undefined) return undefined;
    const timer = setTimeout(() => void readAgain(), Date.parse(until) - Date.now() + graceMs);
    return () => clearTimeout(timer);
  }, [until, readAgain]);
}
