/**
 * What `git cat-file --batch-command` answers (https://git-scm.com/docs/git-cat-file#_batch_output): a line
 * `<id> <type> <size>` or `<name> missing`, and after `contents` the object's bytes and a line feed.
 */
import { WindlassError } from '../../domain/errors';

export interface ObjectDescription {
  /** Full hex object name. */
  readonly id: string;
  readonly type: string;
  /** Bytes. */
  readonly size: number;
}

export interface GitObject extends ObjectDescription {
  readonly content: Buffer;
}

export interface AnswerBytes {
  add(chunk: Buffer): void;
  /** @returns undefined until the whole line is there */
  line(): string | undefined;
  /** @returns undefined until so many bytes are there, and the line feed behind them */
  content(size: number): Buffer | undefined;
}

/** No line of git's is longer: a ref's name, or an id with type and size. */
const maxLineBytes = 1_000;

export function createAnswerBytes(): AnswerBytes {
  let chunks: Buffer[] = [];
  let length = 0;
  const joined = (): Buffer => {
    const [first = Buffer.alloc(0), ...more] = chunks;
    const all = more.length === 0 ? first : Buffer.concat(chunks);
    chunks = [all];
    return all;
  };
  /** Takes bytes and the line feed behind them. */
  const take = (bytes: number): Buffer => {
    const all = joined();
    chunks = [all.subarray(bytes + 1)];
    length -= bytes + 1;
    return all.subarray(0, bytes);
  };
  return {
    add(chunk) {
      chunks.push(chunk);
      length += chunk.length;
    },
    line() {
      const end = joined().indexOf(0x0a);
      if (end >= 0) return take(end).toString('latin1');
      if (length > maxLineBytes) throw new Error('git cat-file answered with no line');
      return undefined;
    },
    content: (size) => (length < size + 1 ? undefined : take(size)),
  };
}

/**
 * @returns undefined for an object that is missing
 * @throws Error for anything that is not an answer about `name`
 */
export function parseDescription(line: string, name: string): ObjectDescription | undefined {
  if (line === `${name} missing`) return undefined;
  const [, id, type, size] = /^([0-9a-f]{40,64}) ([a-z]+) (\d+)$/.exec(line) ?? [];
  if (id === undefined || type === undefined || size === undefined || (!name.includes('/') && id !== name)) {
    throw new Error('git cat-file answered another question');
  }
  return { id, type, size: Number(size) };
}

/** An object that is larger than any that a promotion has a use for: the repository's fault, and no retry helps. */
export function tooLarge(object: ObjectDescription, maxBytes: number): WindlassError {
  return new WindlassError(
    'repository-too-large',
    `The repository's ${object.type} ${object.id} has ${object.size} bytes; at most ${maxBytes} are read.`,
  );
}
