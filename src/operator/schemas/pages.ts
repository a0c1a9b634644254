/** Lists are cut into pages: a cursor is opaque, and one of another list or another query is refused. */
import { z } from 'zod';

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(1_000).default(100).meta({ description: 'Entries of a page' }),
  cursor: z.string().max(2_048).optional().meta({ description: '`next` of the page before' }),
};

export const workersSeen = {
  workers: z
    .enum(['answering', 'silent', 'unknown'])
    .meta({ description: 'Whether a worker answers. While none does, nothing changes' }),
  workersAt: z.iso.datetime().optional().meta({ description: 'When one was seen last' }),
};

/** How old a list is, and whether anyone works. */
export const freshness = {
  asOf: z.iso.datetime().meta({ description: 'When Temporal was asked last' }),
  ...workersSeen,
};

export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    next: z.string().optional().meta({ description: 'The cursor of the next page. Absent: there is none' }),
    total: z.number().int().optional().meta({ description: 'Entries on all pages, where that is known' }),
    ...freshness,
  });
}
