import { useQuery } from '@tanstack/react-query';
import { type ReactNode } from 'react';
import { ApiProblem } from '../api/problem';
import { Failure, Loading } from '../components/page-states';
import { LoginPage } from '../login/login-page';
import { meQuery } from './me';
import { SessionContext } from './session';

/** Shows the dashboard to who is logged in, and the login page to others. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const { data, error, refetch } = useQuery(meQuery());
  if (error instanceof ApiProblem && error.code === 'unauthenticated') return <LoginPage />;
  if (data === undefined) {
    return error === null ? (
      <Loading what="your session" />
    ) : (
      <Failure error={error} onRetry={() => void refetch()} />
    );
  }
  return <SessionContext value={data}>{children}</SessionContext>;
}
