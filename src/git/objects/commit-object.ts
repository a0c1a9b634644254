import { type Commit } from '../repository';

/** Reads a commit object (`git cat-file commit`). The headers end at the first empty line; unknown ones are passed over. */
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
