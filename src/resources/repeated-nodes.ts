import { type Document, isAlias, isCollection, isPair, isScalar } from 'yaml';

/** Characters of a document in which each alias is replaced by what it names; a file has up to 1 MiB. */
const maxSize = 4_000_000;
/** Each alias is looked for in the whole document: two seconds. */
const maxSteps = 20_000_000;
/** What a node needs besides its text. */
const nodeSize = 4;

/** Whether aliases repeat so much, or are so many, that a document must not be converted. Takes linear time. */
export function repeatsTooMuch(document: Document): boolean {
  const sizes = new Map<string, number>();
  let nodes = 0;
  let aliases = 0;
  // The depth is limited before a document is parsed.
  const sizeOf = (node: unknown): number => {
    nodes += 1;
    if (isAlias(node)) {
      aliases += 1;
      return sizes.get(node.source) ?? nodeSize;
    }
    if (isPair(node)) return sizeOf(node.key) + sizeOf(node.value);
    let size = nodeSize;
    if (isScalar(node)) size += node.source?.length ?? 0;
    else if (isCollection(node)) for (const item of node.items) size += sizeOf(item);
    if ((isScalar(node) || isCollection(node)) && node.anchor !== undefined) sizes.set(node.anchor, size);
    return size;
  };
  return sizeOf(document.contents) > maxSize || aliases * nodes > maxSteps;
}
