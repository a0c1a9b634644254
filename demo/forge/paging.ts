import { type Request, type Response } from 'express';

interface Exchange {
  readonly request: Request;
  readonly response: Response;
  readonly forgeUrl: string;
}

/** One page of a list, with the link to the next one: https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api */
export function nextPage<T>(
  { request, response, forgeUrl }: Exchange,
  items: readonly T[],
  { page, per_page: perPage }: { readonly page: number; readonly per_page: number },
): readonly T[] {
  const from = (page - 1) * perPage;
  if (from + perPage < items.length) {
    const next = new URL(request.originalUrl, forgeUrl);
    next.searchParams.set('page', String(page + 1));
    response.setHeader('Link', `<${next.href}>; rel="next"`);
  }
  return items.slice(from, from + perPage);
}
