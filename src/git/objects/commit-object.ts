/**
 * Git's commit objects (https://git-scm.com/docs/git-commit-tree): headers, an empty line, the message.
 */
import { type Identity } from '../../domain/promotion/commit-style';
import { type Commit } from '../repository';

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
  /** Absent: the author. */
  readonly committer?: Identity;
  /** Author and committer date, milliseconds since the epoch. */
  readonly at: number;
  readonly message: string;
}

/**
 * The bytes that `git commit-tree` would store.
 * @param signature armored, of the bytes without it
 */
export function formatCommit(
  { tree, parents, author, committer = author, at, message }: CommitContent,
  signature?: string,
): Buffer {
  const person = ({ name, email }: Identity) =>
    `${headerText(name)} <${headerText(email)}> ${Math.floor(at / 1000)} +0000`;
  return Buffer.from(
    [
      `tree ${tree}`,
      ...parents.map((parent) => `parent ${parent}`),
      `author ${person(author)}`,
      `committer ${person(committer)}`,
      ...(signature === undefined ? [] : [signatureHeader(tree, signature)]),
      '',
      message,
    ].join('\n'),
  );
}

/** Of several lines, each but the first indented (https://git-scm.com/docs/signature-format). */
function signatureHeader(tree: string, signature: string): string {
  const key = tree.length === 64 ? 'gpgsig-sha256' : 'gpgsig';
  return `${key} ${signature.replaceAll('\n', '\n ')}`;
}

/** Git leaves out what would end a name or a header. */
function headerText(text: string): string {
  return text.replace(/[<>\n\0]/g, '').trim();
}
