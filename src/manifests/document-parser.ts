import { type CST, Composer, Lexer, Parser, type YAMLError } from 'yaml';
import { tokenWeight } from '../yaml/yaml-limits';
import { IndentedText } from './indented-text';

/** Why a text is not valid YAML: `offset` counts from the document's start. */
interface ParseFault {
  readonly offset: number;
  /** Short, and without any of the document's own text. */
  readonly message: string;
  /** It has more tokens than are allowed. */
  readonly isTooLong?: boolean;
}

type ParsedDocument =
  | { readonly tokens: readonly CST.Token[]; readonly text: IndentedText; readonly fault?: undefined }
  | { readonly tokens?: undefined; readonly fault: ParseFault };

/** How much was parsed so far, and parsed again. */
export interface TokenTally {
  /** Of the lexer, as `tokenWeight` counts them. */
  tokens: number;
}

/** How much may be parsed. */
export interface ParseLimits {
  /** Tokens of the lexer, as `tokenWeight` counts them. */
  readonly tokens: number;
  /** False: lines that lack their indentation are a fault at once. */
  readonly repairs: boolean;
  /** Counts all that is parsed, whatever comes of it. */
  readonly tally: TokenTally;
}

/**
 * Far above the depth of any manifest, and far below what exhausts the stack: the composer recurses, and V8 may end the
 * whole process instead of throwing when the stack is exhausted.
 */
const maxDepth = 200;

/**
 * What may be parsed again for lines that lack their indentation, in all: characters, and a token counts as ten. That is
 * 4 MB of ordinary YAML, and 1 MB of the densest.
 */
const maxRepairCost = 16_000_000;

/**
 * Parses one document into its concrete syntax tree. Hostile input costs linear time; aliases are never resolved.
 *
 * Go's YAML, and so Kubernetes, takes the following lines of a quoted string and of a flow collection with whatever
 * indentation, where YAML 1.2.2 (7.4) wants more than that of the key: such lines are indented for the parser.
 * @returns offsets of the tokens count in `text`
 */
export function parseDocument(source: string, limits: ParseLimits): ParsedDocument {
  let text = new IndentedText(source);
  let first: ParseFault | undefined;
  let cost = 0;
  for (;;) {
    const { tokens, fault, lacksIndentationAt, tokenCount } = parseOnce(text.text, limits.tokens);
    limits.tally.tokens += tokenCount;
    cost += text.text.length + 10 * tokenCount;
    if (fault === undefined) return { tokens, text };
    first ??= fault;
    const indented = lacksIndentationAt === undefined ? undefined : text.indentLineAt(lacksIndentationAt);
    if (!limits.repairs || indented === undefined || cost > maxRepairCost) {
      return { fault: first };
    }
    text = indented;
  }
}

type Parse = { readonly tokenCount: number } & Composed;

type Composed =
  | {
      readonly tokens: readonly CST.Token[];
      readonly fault?: undefined;
      readonly lacksIndentationAt?: undefined;
    }
  | {
      readonly tokens?: undefined;
      readonly fault: ParseFault;
      /** In the line before which a quoted string or a flow collection was taken to end. */
      readonly lacksIndentationAt?: number | undefined;
    };

function parseOnce(text: string, maxTokens: number): Parse {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let tokenCount = 0;
  for (const lexeme of new Lexer().lex(text)) {
    tokenCount += tokenWeight(lexeme);
    const { offset } = parser;
    if (tokenCount > maxTokens) {
      return { tokenCount, fault: { offset, message: 'has too many tokens', isTooLong: true } };
    }
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > maxDepth) {
      const message = `nested more than ${maxDepth} levels deep`;
      return { tokenCount, fault: { offset: parser.offset, message } };
    }
  }
  tokens.push(...parser.end());
  return { tokenCount, ...composed(text, tokens) };
}

/**
 * Most errors appear only when the tokens are composed. Types and duplicate keys are not checked: finding duplicates
 * takes quadratic time, and the API server rejects them.
 */
function composed(text: string, tokens: readonly CST.Token[]): Composed {
  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' });
  const errors = [...composer.compose(tokens)].flatMap((document) => document.errors);
  const [error] = [...errors, ...composer.streamInfo().errors];
  if (error === undefined) return { tokens };
  // The document's own text, of any length, follows a colon.
  const fault = { offset: error.pos[0], message: error.message.replace(/(?<=\w): .*/s, '') };
  return { fault, lacksIndentationAt: unindentedLine(text, error) };
}

/** Whether it is for its indentation alone that a line does not belong to what begins above it. */
function unindentedLine(text: string, { code, message, pos }: YAMLError): number | undefined {
  if (code === 'BAD_INDENT' && message.startsWith('Flow ')) return pos[0];
  if (code !== 'MISSING_CHAR' || !/^Missing closing ['"]quote/.test(message)) return undefined;
  const next = /\n[ \t]*(?=[^\s])/g;
  next.lastIndex = pos[0];
  const match = next.exec(text);
  return match === null ? undefined : next.lastIndex;
}
