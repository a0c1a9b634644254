import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { git, tryGit } from './git';

export const defaultBranch = 'main';

/**
 * `allowFilter` and `allowAnySHA1InWant`: GitHub serves partial clones and any commit by its id. `hideRefs`: as on
 * GitHub, no client can push to `refs/pull`. No background garbage collection that outlives the forge.
 */
const configuration = `[http]
	receivepack = true
[uploadpack]
	allowFilter = true
	allowAnySHA1InWant = true
[receive]
	hideRefs = refs/pull
	autogc = false
[gc]
	auto = 0
`;

export interface Signature {
  readonly name: string;
  readonly email: string;
}

const forge: Signature = { name: 'Demo Forge', email: 'forge@localhost' };

/** A commit as Git has it. */
export interface GitCommit {
  readonly id: string;
  readonly message: string;
  readonly author: Signature;
  readonly committer: Signature;
}

/** A bare repository that is read and written with plumbing commands only: there is no work tree. */
export class BareRepository {
  constructor(readonly path: string) {}

  /** Creates an empty repository whose HEAD is `main`. */
  static async create(path: string): Promise<BareRepository> {
    await mkdir(path, { recursive: true });
    await git(path, ['init', '--quiet', '--bare', '--template=', `--initial-branch=${defaultBranch}`]);
    await appendFile(join(path, 'config'), configuration);
    return new BareRepository(path);
  }

  /** Every branch with the commit at its head. */
  async branches(): Promise<ReadonlyMap<string, string>> {
    const output = await git(this.path, ['for-each-ref', '--format=%(objectname) %(refname)', 'refs/heads/']);
    const lines = output.split('\n').filter((line) => line !== '');
    return new Map(
      lines.map((line) => {
        const [id = '', ref = ''] = line.split(' ', 2);
        return [ref.slice('refs/heads/'.length), id] as const;
      }),
    );
  }

  async branchHead(branch: string): Promise<string | undefined> {
    const ref = `refs/heads/${branch}`;
    const result = await tryGit(this.path, ['rev-parse', '--quiet', '--verify', '--end-of-options', ref]);
    return result.status === 0 ? result.stdout.trim() : undefined;
  }

  /**
   * Commits whole files on top of a branch; a branch that does not exist starts at `main`.
   * Uses one `fast-import` for any number of files: tests create repositories of 20,000.
   * @returns the commit's id
   */
  async commit(
    branch: string,
    files: Readonly<Record<string, string>>,
    message: string,
    { name, email }: Signature = forge,
  ): Promise<string> {
    const parent = (await this.branchHead(branch)) ?? (await this.branchHead(defaultBranch));
    const seconds = Math.floor(Date.now() / 1000);
    const stream = [
      `commit refs/heads/${branch}\n`,
      `committer ${name} <${email}> ${seconds} +0000\n`,
      data(message),
      parent === undefined ? '' : `from ${parent}\n`,
      ...Object.entries(files).map(
        ([path, content]) => `M 100644 inline ${quotePath(path)}\n${data(content)}`,
      ),
    ];
    await git(this.path, ['fast-import', '--quiet'], { input: stream.join('') });
    const head = await this.branchHead(branch);
    if (head === undefined) throw new Error(`The commit on ${branch} created no branch.`);
    return head;
  }

  /** A file's text at a revision. @throws GitFailed if there is none */
  async readFile(revision: string, path: string): Promise<string> {
    return git(this.path, ['cat-file', 'blob', `${revision}:${path}`]);
  }

  /** Commits that `head` has and `base` does not. */
  async commitsBetween(base: string, head: string): Promise<number> {
    return Number(await git(this.path, ['rev-list', '--count', `${base}..${head}`]));
  }

  /** The commits that `head` has and `base` does not, the oldest first. */
  async commitsOf(base: string, head: string): Promise<readonly GitCommit[]> {
    return this.log('--reverse', `${base}..${head}`);
  }

  async commitAt(id: string): Promise<GitCommit> {
    const [found] = await this.log('--max-count=1', id);
    if (found === undefined) throw new Error(`There is no commit ${id}.`);
    return found;
  }

  /** The changes of `head` since it left `base`, as a unified diff. */
  async diff(base: string, head: string): Promise<string> {
    return git(this.path, ['diff', '--no-color', '--no-ext-diff', '--no-renames', `${base}...${head}`]);
  }

  /** Points a ref at a commit; with `expected`, only if it still points there. */
  async updateRef(ref: string, commit: string, expected?: string): Promise<void> {
    await git(this.path, ['update-ref', ref, commit, ...(expected === undefined ? [] : [expected])]);
  }

  /**
   * Makes the merge commit of two commits; no ref moves.
   * @returns its id; undefined if Git cannot merge the two automatically
   */
  async createMerge(base: string, head: string, message: string): Promise<string | undefined> {
    const tree = (await this.merged(base, head))?.tree;
    if (tree === undefined) return undefined;
    const args = ['commit-tree', tree, '-p', base, '-p', head, '-m', message];
    return (await git(this.path, args)).trim();
  }

  /**
   * Makes one commit of all that the head changed, on the base; no ref moves.
   * @returns its id; undefined if Git cannot merge the two automatically
   */
  async createSquash(base: string, head: string, message: string): Promise<string | undefined> {
    const tree = (await this.merged(base, head))?.tree;
    if (tree === undefined) return undefined;
    return (await git(this.path, ['commit-tree', tree, '-p', base, '-m', message])).trim();
  }

  /** How many parents a commit has. */
  async parentCount(commit: string): Promise<number> {
    const [, ...parents] = (await git(this.path, ['rev-list', '--parents', '-n', '1', commit]))
      .trim()
      .split(' ');
    return parents.length;
  }

  async deleteRef(ref: string): Promise<void> {
    await git(this.path, ['update-ref', '-d', ref]);
  }

  /** Whether Git can merge the two automatically; undefined where this Git cannot say. */
  async isMergeable(base: string, head: string): Promise<boolean | undefined> {
    const merged = await this.merged(base, head);
    return merged === undefined ? undefined : merged.tree !== undefined;
  }

  async hasCommit(commit: string): Promise<boolean> {
    return (await tryGit(this.path, ['cat-file', '-e', `${commit}^{commit}`])).status === 0;
  }

  /** The tree of their merge, without one where they conflict; undefined where this Git cannot say. */
  private async merged(base: string, head: string): Promise<{ readonly tree?: string } | undefined> {
    if ((await this.commitsBetween(head, base)) === 0) {
      return { tree: (await git(this.path, ['rev-parse', `${head}^{tree}`])).trim() };
    }
    // Git 2.38 and later; an older Git merges only fast-forwards.
    const { status, stdout } = await tryGit(this.path, ['merge-tree', '--write-tree', base, head]);
    if (status === 1) return {};
    return status === 0 ? { tree: stdout.trim() } : undefined;
  }

  private async log(...which: readonly string[]): Promise<readonly GitCommit[]> {
    const fields = ['%H', '%an', '%ae', '%cn', '%ce', '%B'];
    const format = `--format=${fields.map((field) => `${field}%x00`).join('')}`;
    const output = (await git(this.path, ['log', format, ...which])).split('\0');
    return Array.from({ length: Math.floor(output.length / fields.length) }, (_, index) => {
      const from = index * fields.length;
      const [id = '', name = '', email = '', by = '', at = '', message = ''] = output.slice(from);
      return { id: id.trim(), message, author: { name, email }, committer: { name: by, email: at } };
    });
  }
}

function data(content: string): string {
  return `data ${Buffer.byteLength(content)}\n${content}\n`;
}

/** The path in the format of git-fast-import(1): C-style quotes. */
function quotePath(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n')}"`;
}
