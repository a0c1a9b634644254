/** One document of a YAML stream, with the directives and comments before it. Offsets are in UTF-16 code units. */
export interface DocumentRange {
  readonly start: number;
  readonly end: number;
}

/**
 * `---` or `...` at the start of a line, followed by white space: not allowed inside a document (YAML 1.2.2, 9.1.2).
 */
const boundaries = /(?<![^\n])(?:---|\.\.\.)(?![^ \t\r\n])/g;
const preambleLine = /^\uFEFF?(?:[ \t]*(?:#.*)?|%.*)\r?$/;

/**
 * Splits a stream into its documents without parsing them, so that a broken document does not affect others and a
 * document without a marker costs nothing.
 */
export function documentRanges(text: string): DocumentRange[] {
  const ranges: DocumentRange[] = [];
  let start = 0;
  const close = (end: number): void => {
    if (end > start) ranges.push({ start, end });
    start = end;
  };
  for (const match of text.matchAll(boundaries)) {
    if (match[0] === '...') {
      const newline = text.indexOf('\n', match.index);
      close(newline === -1 ? text.length : newline + 1);
    } else if (!isPreamble(text.slice(start, match.index))) {
      close(match.index);
    }
  }
  close(text.length);
  return ranges;
}

/** Directives and comments above a `---` belong to the document that it starts. */
function isPreamble(text: string): boolean {
  return text.split('\n').every((line) => preambleLine.test(line));
}
