import { fitBody } from './fit-texts';
import { type KeyedComment } from './port';

/** The comment with the mark by which it is found again; the mark is at its beginning, where no cut reaches it. */
export function markedBody({ key, body }: KeyedComment, limit: number): string {
  return fitBody(`${markOf(key)}\n${body}`, limit);
}

/** Comments that begin with the mark: of Windlass, or of a person who copied it. */
export function carriesMark({ key }: KeyedComment): (written: { readonly body: string }) => boolean {
  const mark = markOf(key);
  return ({ body }) => body.startsWith(mark);
}

/** Encoded, so that no key can end the HTML comment. */
function markOf(key: string): string {
  return `<!-- windlass:${encodeURIComponent(key)} -->`;
}
