/** The client of the API, typed by its OpenAPI document. */
import createClient from 'openapi-fetch';
import { ApiProblem } from './problem';
import { type components, type paths } from './schema';

export type Schemas = components['schemas'];

/**
 * A request that another site could make is refused: such a site cannot send this header without asking first, which the
 * server does not allow.
 */
export const sameSite = { 'X-Windlass-Dashboard': '1' };

/** Throws `ApiProblem` for every answer that is not 2xx, and where none came. */
export const api = createClient<paths>({
  baseUrl: window.location.origin,
  credentials: 'same-origin',
  headers: sameSite,
});

api.use({
  onError: () => ApiProblem.unreachable(),
  onResponse: async ({ response }) => {
    if (!response.ok) throw await ApiProblem.of(response);
  },
});

/** The body of an answer. @throws ApiProblem */
export async function bodyOf<T>(answer: Promise<{ readonly data?: T }>): Promise<T> {
  const { data } = await answer;
  if (data === undefined) throw ApiProblem.unreadable();
  return data;
}
