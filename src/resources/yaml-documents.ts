import {
  type Document,
  type ErrorCode,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
} from 'yaml';
import { beyondLimits } from '../yaml/yaml-limits';
import { type FieldPath } from './faults';
import { withoutNulls } from './object-schema';
import { repeatsTooMuch } from './repeated-nodes';

/** One YAML document as plain JSON data, with the lines of its fields. */
export interface YamlDocument {
  readonly value: unknown;
  /** The line, from 1, of the field or of the nearest field around it. */
  readonly lineOf: (path: FieldPath) => number;
}

export interface YamlFault {
  readonly line: number;
  readonly reason: string;
}

/** The maximum number of anchor uses in a document; more is an attack, not a manifest. */
const maxAliasCount = 100;

/**
 * Reads all documents of a text; an invalid document does not hide the others.
 * Reasons never quote the text: it may be a Secret.
 */
export function readYamlDocuments(text: string): { documents: YamlDocument[]; faults: YamlFault[] } {
  const limit = beyondLimits(text);
  if (limit !== undefined) return { documents: [], faults: [{ line: 1, reason: limit }] };
  const lines = new LineCounter();
  const documents: YamlDocument[] = [];
  const faults: YamlFault[] = [];
  for (const document of parse(text, lines)) {
    const [error] = document.errors;
    if (error !== undefined) {
      faults.push({ line: lines.linePos(error.pos[0]).line, reason: describe(error.code) });
      continue;
    }
    const twice = repeatedKey(document);
    if (twice !== undefined) {
      faults.push({
        line: lines.linePos(twice.range?.[0] ?? 0).line,
        reason: describe('DUPLICATE_KEY'),
      });
      continue;
    }
    const lineOf = (path: FieldPath) => lines.linePos(offsetOf(document, path)).line;
    try {
      if (repeatsTooMuch(document)) throw new RangeError('too many aliases');
      documents.push({ value: withoutNulls(document.toJS({ maxAliasCount })), lineOf });
    } catch {
      faults.push({
        line: lineOf([]),
        reason: 'uses an anchor that is not defined, in a circle or too often',
      });
    }
  }
  return { documents, faults };
}

function parse(text: string, lineCounter: LineCounter): Document[] {
  // As kubectl reads YAML, `<<` merges.
  const documents = parseAllDocuments(text, {
    lineCounter,
    merge: true,
    prettyErrors: false,
    // The library compares each key with each: see `repeatedKey`.
    uniqueKeys: false,
  });
  return 'empty' in documents ? [] : documents;
}

/** The first key that its mapping has twice, as JSON would have them: `1` and `'1'` are the same. */
function repeatedKey(document: Document): Node | undefined {
  let found: Node | undefined;
  visit(document, {
    Map: (_key, map) => {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key) || isMerge(key.value)) continue;
        const name = String(key.value);
        if (seen.has(name)) {
          found = key;
          return visit.BREAK;
        }
        seen.add(name);
      }
      return undefined;
    },
  });
  return found;
}

/** `<<` may stand in a mapping more than once. */
function isMerge(key: unknown): boolean {
  return key === '<<' || typeof key === 'symbol';
}

function offsetOf(document: Document, path: FieldPath): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}

function describe(code: ErrorCode): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return 'has the same key twice';
    case 'BAD_INDENT':
    case 'TAB_AS_INDENT':
      return 'is not valid YAML: the indentation is wrong';
    case 'MISSING_CHAR':
      return 'is not valid YAML: a quote, bracket, comma or colon is missing';
    default:
      return `is not valid YAML (${code})`;
  }
}
