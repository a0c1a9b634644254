/** Lists are cut into pages: a cursor is opaque, and one of another list or another query is refused. */
import { z } from 'zod';

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(1_000).default(100).meta({ description: 'Entries of a page' }),
  cursor: z.string().max(2_048).optional().meta({ description: '`next` of the page before' }),
};

/** How old a list is, and whether anyone works. */
export const freshness = {
  asOf: z.iso.datetime().meta({ description: 'When Temporal was asked last' }),
  workers: z
    .enum(['answering', 'silent', 'unknown'])
    .meta({ description: 'Whether a worker polls. While none does, nothing below changes' }),
  workersAt: z.iso.datetime().optional().meta({ description: 'When a worker answered last' }),
};

export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    next: z.string().optional().meta({ description: 'The cursor of the next page. Absent: there is none' }),
    total: z.number().int().optional().meta({ description: 'Entries on all pages, where that is known' }),
    ...freshness,
  });
}
