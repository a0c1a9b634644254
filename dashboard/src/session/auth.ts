/** The routes of the server that begin and end a session. They are not part of the API. */
import { useMutation, useQueryClient, queryOptions } from '@tanstack/react-query';
import { sameSite } from '../api/client';
import { ApiProblem } from '../api/problem';

/** Which ways to log in the server has, besides a token. */
export interface LoginOptions {
  /** Of OpenID Connect, as people know it: a host. */
  readonly issuer?: string;
}

export const loginOptionsQuery = queryOptions({
  queryKey: ['login-options'],
  queryFn: async () => (await (await ask('options')).json()) as LoginOptions,
});

/** @returns where the browser goes to log in by OpenID Connect */
export function issuerLogin(returnTo: string): string {
  return `/auth/login?${new URLSearchParams({ returnTo }).toString()}`;
}

/** Begins a session with a token. */
export function useTokenLogin() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (token: string) => ask('token', { token }),
    // What another person saw is not shown to this one.
    onSuccess: () => client.resetQueries(),
  });
}

/** Ends the session. */
export function useLogout() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => ask('logout', {}),
    onSuccess: () => client.resetQueries(),
  });
}

/** @throws ApiProblem */
async function ask(route: string, body?: object): Promise<Response> {
  const change = { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(`/auth/${route}`, {
    credentials: 'same-origin',
    headers: { ...sameSite, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : change),
  }).catch(() => {
    throw ApiProblem.unreachable();
  });
  if (!response.ok) throw await ApiProblem.of(response);
  return response;
}
