import { fitBody } from './fit-texts';

/** No reader sees them. Everything outside of them belongs to people, and stays as it is. */
const begin = '<!-- windlass:begin -->';
const end = '<!-- windlass:end -->';
/** Less says nothing any more. */
const leastRoom = 1_000;

/** Returns the description of a new pull request. @param limit UTF-16 code units */
export function newDescription(text: string, limit: number): string {
  const own = withoutMarks(text).trim();
  return `${begin}\n${fitBody(own, limit - begin.length - end.length - 2)}\n${end}`;
}

/**
 * Replaces Windlass's own text in a description.
 * @param present the description that the pull request has
 * @param limit UTF-16 code units; where what people wrote leaves no room, the description stays as it is
 */
export function updatedDescription(present: string, text: string, limit: number): string {
  const { before, after } = othersWords(present, text);
  const room = limit - before.length - after.length;
  return room < Math.min(leastRoom, limit) ? present : `${before}${newDescription(text, room)}${after}`;
}

interface Words {
  readonly before: string;
  readonly after: string;
}

function othersWords(present: string, text: string): Words {
  const from = present.indexOf(begin);
  const to = present.indexOf(end, from);
  if (from >= 0 && to > from)
    return { before: present.slice(0, from), after: present.slice(to + end.length) };
  // Windlass has not always written marks, and people delete them: its text ends with its last line, or is not there.
  const lastLine = text.trim().split('\n').at(-1) ?? '';
  const lines = present.split(/\r?\n/);
  const after = withoutMarks(lines.slice(lines.indexOf(lastLine) + 1).join('\n')).trim();
  return { before: '', after: after === '' ? '' : `\n\n${after}` };
}

function withoutMarks(text: string): string {
  // Not by nothing: what is left and right of it could make another one.
  return text.replaceAll(begin, '<!-- -->').replaceAll(end, '<!-- -->');
}
