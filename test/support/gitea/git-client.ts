import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/** A clone with git itself, as it comes. */
export interface GitClient {
  /** @returns all that it printed, whether it worked or not */
  run(...args: readonly string[]): Promise<string>;
  /** @returns what it wrote to its standard output, without the line end @throws Error where it failed */
  succeed(...args: readonly string[]): Promise<string>;
  /** A commit on top of the branch that is checked out. */
  commit(file: string, text: string): Promise<void>;
  close(): Promise<void>;
}

/** An empty repository on this machine. */
export async function gitClient(env: NodeJS.ProcessEnv = {}): Promise<GitClient> {
  const directory = await mkdtemp(path.join(tmpdir(), 'windlass-git-client-'));
  const person = { NAME: 'Someone', EMAIL: 'someone@example.com' };
  const people = Object.entries(person).flatMap(([name, value]) => [
    [`GIT_AUTHOR_${name}`, value],
    [`GIT_COMMITTER_${name}`, value],
  ]);
  const all = {
    ...process.env,
    ...Object.fromEntries(people),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    ...env,
  };
  const git = (args: readonly string[]) => promisify(execFile)('git', args, { cwd: directory, env: all });
  const run: GitClient['run'] = async (...args) => {
    const printed = await git(args).catch(
      (error: unknown) => error as { readonly stdout: string; readonly stderr: string },
    );
    return printed.stderr + printed.stdout;
  };
  await run('init', '--quiet', '--initial-branch=main');
  return {
    run,
    succeed: async (...args) => (await git(args)).stdout.trim(),
    commit: async (file, text) => {
      await writeFile(path.join(directory, file), text);
      await run('add', '--all');
      await run('commit', '--quiet', '-m', `Change ${file}`);
    },
    close: () => rm(directory, { recursive: true }),
  };
}
