import { type CST, Composer, Lexer, Parser } from 'yaml';

/** Why a text is not valid YAML: `offset` counts from the document's start. */
interface ParseFault {
  readonly offset: number;
  /** Short, and without any of the document's own text. */
  readonly message: string;
}

type ParsedDocument =
  | { readonly tokens: readonly CST.Token[]; readonly fault?: undefined }
  | { readonly tokens?: undefined; readonly fault: ParseFault };

/**
 * Far above the depth of any manifest, and far below what exhausts the stack: the composer recurses, and V8 may end the
 * whole process instead of throwing when the stack is exhausted.
 */
const maxDepth = 200;

/** Parses one document into its concrete syntax tree. Hostile input costs linear time; aliases are never resolved. */
export function parseDocument(source: string): ParsedDocument {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(source)) {
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > maxDepth) {
      return { fault: { offset: parser.offset, message: `nested more than ${maxDepth} levels deep` } };
    }
  }
  tokens.push(...parser.end());
  const fault = firstFault(tokens);
  return fault === undefined ? { tokens } : { fault };
}

/**
 * Most errors appear only when the tokens are composed. Types and duplicate keys are not checked: finding duplicates
 * takes quadratic time, and the API server rejects them.
 */
function firstFault(tokens: readonly CST.Token[]): ParseFault | undefined {
  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' });
  const errors = [...composer.compose(tokens)].flatMap((document) => document.errors);
  const [error] = [...errors, ...composer.streamInfo().errors];
  if (error === undefined) return undefined;
  // The document's own text, of any length, follows a colon.
  return { offset: error.pos[0], message: error.message.replace(/(?<=\w): .*/s, '') };
}
