/** What is stored without git must be, byte for byte, what git would have stored. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatCommit, parseCommit } from '../../../src/git/objects/commit-object';
import { writeObject } from '../../../src/git/objects/loose-object';
import { commitFiles, runGit } from '../../support/git-repository';
import { author } from './fixtures';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'stored-objects-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** @returns an id of the repository, by which its hash is known */
function create(format: string): string {
  const options = ['--quiet', '--bare', '--initial-branch=main', `--object-format=${format}`];
  execFileSync('git', ['init', ...options, directory]);
  return commitFiles(directory, 'main', { 'a.yaml': 'a' });
}

function git(
  args: readonly string[],
  input: string | Buffer,
  environment: Record<string, string> = {},
): string {
  return execFileSync('git', args, { cwd: directory, input, env: { ...process.env, ...environment } })
    .toString()
    .trim();
}

describe.each(['sha1', 'sha256'])('in a repository with %s names', (format) => {
  test.each([
    ['an empty blob', Buffer.alloc(0)],
    ['text', Buffer.from('version: 1.0.0\r\n# zoë\n')],
    ['bytes', Buffer.from([...Array(70_000).keys()].map((n) => (n * 7919) % 256))],
  ])('%s is stored as git stores it', async (_what, content) => {
    const id = await writeObject(directory, 'blob', content, create(format));
    expect(git(['hash-object', '-t', 'blob', '--stdin'], content)).toBe(id);
    expect(execFileSync('git', ['cat-file', 'blob', id], { cwd: directory })).toEqual(content);
    expect(runGit(directory, 'fsck', '--strict', '--no-dangling')).toBe('');
  });

  test.each([
    ['a whole message', 'Promote\n\nWindlass-Version: 1.0.0+x\n'],
    ['one that ends without a line feed', 'Promote zoë'],
    ['an empty message', ''],
  ])('a commit with %s is the one that git commit-tree makes', async (_what, message) => {
    const parent = create(format);
    const tree = runGit(directory, 'rev-parse', 'main^{tree}');
    const at = Date.UTC(2026, 10, 23, 12, 0, 0, 999);
    const content = formatCommit({ tree, parents: [parent], author, at, message });
    const id = await writeObject(directory, 'commit', content, parent);
    const date = `@${Math.floor(at / 1000)} +0000`;
    const byGit = git(['commit-tree', '-p', parent, '-F', '-', tree], message, {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: author.name,
      GIT_COMMITTER_EMAIL: author.email,
      GIT_COMMITTER_DATE: date,
    });
    expect(byGit).toBe(id);
    expect(parseCommit(id, content)).toMatchObject({ tree, parents: [parent] });
    expect(runGit(directory, 'fsck', '--strict', '--no-dangling')).toBe('');
  });
});

test('an author’s name cannot end its header', () => {
  const name = 'Eve <eve@example.com> 0 +0000\ngpgsig x';
  const content = formatCommit({
    tree: 't',
    parents: [],
    author: { name, email: 'e>\n' },
    at: 0,
    message: 'm',
  });
  expect(content.toString().split('\n')[1]).toBe('author Eve eve@example.com 0 +0000gpgsig x <e> 0 +0000');
});

test('an object that is there already is left as it is, and nothing temporary remains', async () => {
  const like = create('sha1');
  const content = Buffer.from('twice');
  const ids = await Promise.all([1, 2, 3].map(() => writeObject(directory, 'blob', content, like)));
  expect(new Set(ids).size).toBe(1);
  expect(await writeObject(directory, 'blob', content, like)).toBe(ids[0]);
  const files = readdirSync(join(directory, 'objects'), { recursive: true, encoding: 'utf8' });
  expect(files.filter((name) => name.includes('tmp_obj'))).toEqual([]);
});

test('a directory that cannot be written is a failure of the file system', async () => {
  await expect(writeObject('/proc/none', 'blob', Buffer.from('x'), 'a')).rejects.toMatchObject({
    code: expect.stringMatching(/^E/),
  });
});
