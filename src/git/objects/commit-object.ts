/**
 * Git's commit objects (https://git-scm.com/docs/git-commit-tree): headers, an empty line, the message.
 */
import { type Commit, type Identity } from '../repository';

/** Reads a commit object. The headers end at the first empty line; unknown ones are passed over. */
export function parseCommit(id: string, content: Buffer): Commit {
  const text = content.toString('utf8');
  const end = text.indexOf('\n\n');
  const headers = (end < 0 ? text : text.slice(0, end)).split('\n');
  const values = (key: string) =>
    headers.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  return {
    id,
    tree: values('tree')[0] ?? '',
    parents: values('parent'),
    // `Name <email> seconds zone`: the date is left out.
    author: (values('author')[0] ?? '').replace(/ -?\d+ [+-]\d+$/, ''),
    message: end < 0 ? '' : text.slice(end + 2),
  };
}

export interface CommitContent {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Identity;
  /** Author and committer date, milliseconds since the epoch. */
  readonly at: number;
  readonly message: string;
}

/** The bytes that `git commit-tree` would store, the author being the committer. */
export function formatCommit({ tree, parents, author, at, message }: CommitContent): Buffer {
  const person = `${headerText(author.name)} <${headerText(author.email)}> ${Math.floor(at / 1000)} +0000`;
  return Buffer.from(
    [
      `tree ${tree}`,
      ...parents.map((parent) => `parent ${parent}`),
      `author ${person}`,
      `committer ${person}`,
      '',
      message,
    ].join('\n'),
  );
}

/** Git leaves out what would end a name or a header. */
function headerText(text: string): string {
  return text.replace(/[<>\n\0]/g, '').trim();
}
