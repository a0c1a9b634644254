import { Lexer } from 'yaml';

/** Far more than any Pipeline nests; parsers go down as deep as a document does, and end where the stack does. */
const maxDepth = 100;
/** More than a thousand Pipelines, a few seconds of parsing and about 60 MiB of memory. */
export const maxTokens = 250_000;

/** The lexer's own signs: https://eemeli.org/yaml/#lexer. */
const control = /^[\u0002\u0018\u001f]$/;
const scalar = '\u001f';
const lineEnd = /^\r?\n$/;
const white = /^[ \t]+$/;

/** A line that later ones may be nested in. */
interface Line {
  /** In characters. */
  readonly indent: number;
  /** How many levels it opens: `- - a` opens three. */
  levels: number;
}

/** What a token counts for: each escape in a double-quoted string can become an error of its own. */
export function tokenWeight(token: string): number {
  if (!token.startsWith('"')) return 1;
  let weight = 1;
  for (let at = token.indexOf('\\'); at !== -1; at = token.indexOf('\\', at + 1)) weight += 1;
  return weight;
}

/**
 * Whether a text may be given to a YAML parser, found in one pass over its words, without a parser's recursion.
 * @param tokenLimit the number of tokens that it may have
 * @returns why not; undefined where it may
 */
export function beyondLimits(text: string, tokenLimit = maxTokens): string | undefined {
  let tokens = 0;
  let flow = 0;
  /** Signs such as `-` and `?` in a row, each of which nests. */
  let row = 0;
  let lines: Line[] = [];
  let line: Line | undefined;
  for (const token of new Lexer().lex(text)) {
    tokens += tokenWeight(token);
    if (tokens > tokenLimit) return 'has too many fields: split it';
    if (lineEnd.test(token)) {
      line = undefined;
      row = 0;
      continue;
    }
    if (token === scalar) row = 0;
    if (control.test(token)) continue;
    if (line === undefined && flow === 0) {
      line = { indent: white.test(token) ? token.length : 0, levels: 1 };
      lines = nestedIn(lines, line);
    }
    if (token === '[' || token === '{') flow += 1;
    else if (token === ']' || token === '}') flow = Math.max(0, flow - 1);
    else if (flow === 0 && /^[-?:]$/.test(token)) {
      row += 1;
      if (line !== undefined) line.levels = Math.max(line.levels, 1 + row);
    } else continue;
    const depth = lines.reduce((sum, { levels }) => sum + levels, flow);
    if (depth > maxDepth) return `nests deeper than ${maxDepth} levels`;
  }
  return undefined;
}

/** The lines around this one, and it. */
function nestedIn(lines: readonly Line[], line: Line): Line[] {
  return [...lines.filter(({ indent }) => indent < line.indent), line];
}
