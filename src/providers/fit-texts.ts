const ellipsis = '…';
const cutNotice = '\n\n… (truncated: longer than the provider allows)';
/** A longer one is no line by which a pull request is found. */
const longestLastLine = 1_000;

/** Truncates one line. @param limit UTF-16 code units */
export function fitLine(text: string, limit: number): string {
  return text.length <= limit ? text : whole(text.slice(0, limit - ellipsis.length)) + ellipsis;
}

/** Truncates Markdown at the end of a line or word, with a notice. @param limit UTF-16 code units */
export function fitBody(text: string, limit: number): string {
  return text.length <= limit ? text : cut(text, limit - cutNotice.length) + cutNotice;
}

/**
 * The same, but the last line stays, below the notice: by it, other programs and Windlass know whose text it is.
 * @param limit UTF-16 code units
 */
export function fitDescription(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const lastLine = lastLineOf(text, limit);
  return fitBody(text, limit - lastLine.length) + lastLine;
}

function lastLineOf(text: string, limit: number): string {
  const line = text.trimEnd().split('\n').at(-1)?.trim() ?? '';
  const isKept = line !== '' && line.length <= Math.min(longestLastLine, limit / 4);
  return isKept ? `\n\n${line}` : '';
}

function cut(text: string, room: number): string {
  const head = text.slice(0, room + 1);
  const ends = ['\n', ' '].map((end) => head.lastIndexOf(end));
  // Not at any price: a table or a template can be one long line.
  const at = ends.find((end) => end > room / 2) ?? room;
  return whole(text.slice(0, at)).trimEnd();
}

/** The provider would reject half of a surrogate pair, or convert it. */
function whole(text: string): string {
  return text.replace(/[\uD800-\uDBFF]$/, '');
}
