import { fitDescription } from './fit-texts';
import { type HiddenMarks, htmlComments } from './hidden-marks';

/** Less says nothing any more. */
const leastRoom = 1_000;

/** Returns the description of a new pull request. @param limit UTF-16 code units */
export function newDescription(text: string, limit: number, marks = htmlComments): string {
  const { begin, end } = endsOf(marks);
  const own = withoutMarks(text, marks).trim();
  const room = limit - begin.length - end.length - 2 * marks.gap.length;
  return [begin, fitDescription(own, room), end].join(marks.gap);
}

/**
 * Replaces Windlass's own text in a description.
 * @param present the description that the pull request has
 * @param limit UTF-16 code units; where what people wrote leaves no room, the description stays as it is
 */
export function updatedDescription(
  present: string,
  text: string,
  limit: number,
  marks = htmlComments,
): string {
  const { before, after } = othersWords(present, text, marks);
  const room = limit - before.length - after.length;
  return room < Math.min(leastRoom, limit)
    ? present
    : `${before}${newDescription(text, room, marks)}${after}`;
}

interface Words {
  readonly before: string;
  readonly after: string;
}

/** Everything outside of Windlass's own text belongs to people, and stays as it is. */
function othersWords(present: string, text: string, marks: HiddenMarks): Words {
  const { begin, end } = endsOf(marks);
  const from = present.indexOf(begin);
  const to = present.indexOf(end, from);
  if (from >= 0 && to > from)
    return { before: present.slice(0, from), after: present.slice(to + end.length) };
  // Windlass has not always written marks, and people delete them: its text ends with its last line, or is not there.
  const lastLine = text.trim().split('\n').at(-1) ?? '';
  const lines = present.split(/\r?\n/);
  const after = withoutMarks(lines.slice(lines.indexOf(lastLine) + 1).join('\n'), marks).trim();
  return { before: '', after: after === '' ? '' : `\n\n${after}` };
}

function withoutMarks(text: string, marks: HiddenMarks): string {
  const { begin, end } = endsOf(marks);
  // Not by nothing: what is left and right of it could make another one.
  return text.replaceAll(begin, marks.blank).replaceAll(end, marks.blank);
}

function endsOf({ mark }: HiddenMarks): { readonly begin: string; readonly end: string } {
  return { begin: mark('windlass:begin'), end: mark('windlass:end') };
}
