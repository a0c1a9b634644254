/** One answer out of a list. */
export interface Page {
  readonly items: readonly unknown[];
  /** The query with which the same path answers the next page; undefined: this is the last one. */
  readonly next?: string;
}

interface Answer {
  readonly data: unknown;
  readonly headers: Readonly<Record<string, string>>;
  /** The query that was asked. */
  readonly query: string;
}

/** How a service divides its lists. @returns undefined for an answer that is not a list */
export type Paginate = (answer: Answer) => Page | undefined;

/**
 * Arrays, with the next page in the header `Link` (RFC 8288). Of the link only the query counts: it may name the service
 * by a host that is known behind its proxy alone, and a hostile one must not choose where the token goes.
 */
export function linkedPages({ data, headers }: Omit<Answer, 'query'>): Page | undefined {
  if (!Array.isArray(data)) return undefined;
  const next = /<([^>]*)>\s*;[^,]*\brel="?next"?/i.exec(headers['link'] ?? '')?.[1];
  if (next === undefined || !URL.canParse(next, 'https://relative')) return { items: data };
  return { items: data, next: new URL(next, 'https://relative').search };
}
