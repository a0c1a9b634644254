/** Cursors of lists: opaque, and bound to the list and the query that they continue. */
import { createHash } from 'node:crypto';
import { z } from 'zod';

/** The cursor is of another list or query, or damaged. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor';

  constructor() {
    super('The cursor does not belong to this query: begin without one.');
  }
}

const shape = z.tuple([z.literal(1), z.string(), z.array(z.string().max(2_048)).max(4)]);

/** @param query all that decides what is listed, and in which order @param position where the next page begins */
export function makeCursor(list: string, query: unknown, position: readonly string[]): string {
  return Buffer.from(JSON.stringify([1, bindingOf(list, query), position])).toString('base64url');
}

/** @throws InvalidCursor */
export function readCursor(list: string, query: unknown, cursor: string): readonly string[] {
  try {
    const [, binding, position] = shape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    if (binding === bindingOf(list, query)) return position;
  } catch {
    // The same answer as below.
  }
  throw new InvalidCursor();
}

function bindingOf(list: string, query: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([list, query]))
    .digest('base64url')
    .slice(0, 16);
}
