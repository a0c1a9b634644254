import { createHash } from 'node:crypto';
import { type z } from 'zod';
import { type ListedPage, type ListedPullRequest } from './changed-pull-requests';
import { type RestClient, type RestRequest } from './rest-client';

/** A list of a service. */
export interface RestList<T> {
  /** For its first page. */
  readonly request: RestRequest;
  /** Of one page. */
  readonly schema: z.ZodType<readonly T[]>;
}

/** Yields the items of a list page by page. Further pages are not an error: the caller has seen enough. */
export async function* pagesOf<T>(
  client: RestClient,
  { request, schema }: RestList<T>,
  maxPages: number,
  signal: AbortSignal,
): AsyncGenerator<readonly T[]> {
  let asked: RestRequest | undefined = request;
  for (let pages = 0; asked !== undefined && pages < maxPages; pages++) {
    const page = await client.page(asked, signal);
    yield client.parse(schema, page?.items ?? []);
    asked = page?.next;
  }
}

/**
 * Reads one page of pull requests, with a way to the next ones.
 * @param tag of an earlier answer to the same question
 * @returns undefined: the answer is still the one with this tag
 */
export async function listedPage<T>(
  client: RestClient,
  list: RestList<T> & { readonly state: (item: T) => ListedPullRequest },
  signal: AbortSignal,
  tag?: string,
): Promise<ListedPage | undefined> {
  const page = await client.page(list.request, signal, tag);
  if (page === undefined) return undefined;
  const { next } = page;
  return {
    listed: client.parse(list.schema, page.items).map(list.state),
    ...(page.tag === undefined ? {} : { tag: page.tag }),
    ...(next === undefined
      ? {}
      : {
          next: async () => (await listedPage(client, { ...list, request: next }, signal)) ?? { listed: [] },
        }),
  };
}

/**
 * The same for services that give no entity tags: a digest of what the page says stands for one. The answer is read all the
 * same, but it need not be looked at.
 */
export async function listedPageUnlessSame<T>(
  client: RestClient,
  list: RestList<T> & { readonly state: (item: T) => ListedPullRequest },
  signal: AbortSignal,
  tag: string | undefined,
): Promise<ListedPage | undefined> {
  const page = await listedPage(client, list, signal);
  if (page === undefined) return undefined;
  const own = `"${createHash('sha256').update(JSON.stringify(page.listed)).digest('base64url')}"`;
  return own === tag ? undefined : { ...page, tag: own };
}
