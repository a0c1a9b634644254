import { fitBody } from './fit-texts';
import { type HiddenMarks, htmlComments, markable } from './hidden-marks';
import { type KeyedComment } from './port';

/** The comment with the mark by which it is found again; the mark is at its beginning, where no cut reaches it. */
export function markedBody({ key, body }: KeyedComment, limit: number, marks = htmlComments): string {
  return fitBody(`${markOf(key, marks)}${marks.gap}${body}`, limit);
}

/** Comments that begin with the mark: of Windlass, or of a person who copied it. */
export function carriesMark(
  { key }: KeyedComment,
  marks = htmlComments,
): (written: { readonly body: string }) => boolean {
  const mark = markOf(key, marks);
  return ({ body }) => body.startsWith(mark);
}

function markOf(key: string, marks: HiddenMarks): string {
  return marks.mark(`windlass:${markable(key)}`);
}
