/** Small repositories that unfold into something huge. */
import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';

function git(bare: string, args: readonly string[], input: string | Buffer = ''): string {
  return execFileSync('git', ['-C', bare, ...args], { input, maxBuffer: 1 << 30 })
    .toString()
    .trim();
}

function commitTree(bare: string, tree: string): void {
  const commit = git(bare, ['-c', 'user.name=a', '-c', 'user.email=a@a', 'commit-tree', '-m', 'x', tree]);
  git(bare, ['update-ref', 'refs/heads/main', commit]);
}

/** Ten directories of ten directories, `depth` levels deep, of one marked manifest with long names: 10^(depth+1) files. */
export function treeBomb(bare: string, marker: string, depth: number): void {
  const padding = 'n'.repeat(240);
  const blob = git(bare, ['hash-object', '-w', '--stdin'], `version: 1.0.0 # {"$promotion": "${marker}"}\n`);
  const tenOf = (mode: string, type: string, id: string, suffix: (n: number) => string): string => {
    const lines = Array.from({ length: 10 }, (_, n) => `${mode} ${type} ${id}\t${padding}${suffix(n)}\n`);
    return git(bare, ['mktree'], lines.join(''));
  };
  let tree = tenOf('100644', 'blob', blob, (n) => `f${n}.yaml`);
  for (let level = 0; level < depth; level += 1) tree = tenOf('040000', 'tree', tree, (n) => `d${n}`);
  commitTree(bare, tree);
}

/** One manifest of so many zeros, which compress to a thousandth. */
export async function zeroBomb(bare: string, bytes: number): Promise<void> {
  const command = 'head -c "$1" /dev/zero | git -C "$0" hash-object -w --stdin';
  const { stdout } = await promisify(execFile)('sh', ['-c', command, bare, String(bytes)]);
  commitTree(bare, git(bare, ['mktree'], `100644 blob ${stdout.trim()}\tapp.yaml\n`));
}

/** So many marked files at the end of a chain of so many directories. */
export function deepTree(bare: string, marker: string, files: number, depth: number): void {
  const blob = git(bare, ['hash-object', '-w', '--stdin'], `version: 1.0.0 # {"$promotion": "${marker}"}\n`);
  const lines = Array.from({ length: files }, (_, n) => `100644 blob ${blob}\t${n}.yaml\n`);
  let tree = git(bare, ['mktree'], lines.join(''));
  for (let level = 0; level < depth; level += 1) tree = git(bare, ['mktree'], `040000 tree ${tree}\td\n`);
  commitTree(bare, tree);
}

/** One directory with so many files beside a marked manifest. */
export function wideDirectory(bare: string, marker: string, files: number): void {
  const marked = git(
    bare,
    ['hash-object', '-w', '--stdin'],
    `version: 1.0.0 # {"$promotion": "${marker}"}\n`,
  );
  const other = git(bare, ['hash-object', '-w', '--stdin'], '');
  const padding = 'n'.repeat(200);
  const lines = Array.from({ length: files }, (_, n) => `100644 blob ${other}\t${padding}${n}\n`);
  commitTree(bare, git(bare, ['mktree'], `${lines.join('')}100644 blob ${marked}\tz.yaml\n`));
}

/** One marked manifest whose name has so many bytes. */
export function longName(bare: string, marker: string, bytes: number): void {
  const blob = git(bare, ['hash-object', '-w', '--stdin'], `version: 1.0.0 # {"$promotion": "${marker}"}\n`);
  commitTree(bare, git(bare, ['mktree'], `100644 blob ${blob}\t${'n'.repeat(bytes)}.yaml\n`));
}
