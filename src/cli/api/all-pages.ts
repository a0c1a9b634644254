/** The pages of a list as one, at most `limit` entries. */
interface Page<Item> {
  readonly items: Item[];
  readonly next?: string | undefined;
}

const pageSize = 1_000;

export async function allPages<Item, Answer extends Page<Item>>(
  limit: number,
  read: (page: { readonly limit: number; readonly cursor?: string }) => Promise<Answer>,
): Promise<Answer> {
  const first = await read({ limit: Math.min(limit, pageSize) });
  const items = [...first.items];
  let { next } = first;
  while (next !== undefined && items.length < limit) {
    const page = await read({ limit: Math.min(limit - items.length, pageSize), cursor: next });
    items.push(...page.items);
    next = page.next;
  }
  const { next: _first, ...rest } = first;
  return { ...rest, items, ...(next === undefined ? {} : { next }) } as Answer;
}
