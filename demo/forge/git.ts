import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';

/** A git command that ended with a status other than 0. */
class GitFailed extends Error {
  override readonly name = 'GitFailed';
}

export interface GitResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface GitOptions {
  /** Written to standard input. */
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** An environment without the user's and the machine's Git configuration. */
export function gitEnvironment(): Record<string, string> {
  const identity = { name: 'Demo Forge', email: 'forge@localhost' };
  return {
    PATH: process.env['PATH'] ?? '',
    // Git before 2.32 does not know GIT_CONFIG_GLOBAL: it looks below HOME.
    HOME: `${tmpdir()}/no-such-home`,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: identity.name,
    GIT_AUTHOR_EMAIL: identity.email,
    GIT_COMMITTER_NAME: identity.name,
    GIT_COMMITTER_EMAIL: identity.email,
    LC_ALL: 'C.UTF-8',
  };
}

/** Runs git in a directory and returns its output, regardless of its status. */
export async function tryGit(
  directory: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, {
      cwd: directory,
      env: { ...gitEnvironment(), ...options.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', reject);
    // A git that ends before it has read its input breaks the pipe; its status contains the reason.
    child.stdin.on('error', () => undefined);
    child.on('close', (status) => {
      resolve({
        status: status ?? -1,
        stdout: Buffer.concat(stdout).toString('utf8'),
        stderr: Buffer.concat(stderr).toString('utf8'),
      });
    });
    child.stdin.end(options.input ?? '');
  });
}

/**
 * Runs git in a directory.
 * @returns its standard output
 * @throws GitFailed with git's own message
 */
export async function git(
  directory: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<string> {
  const result = await tryGit(directory, args, options);
  if (result.status !== 0) {
    throw new GitFailed(`git ${args[0] ?? ''} ended with status ${result.status}: ${result.stderr.trim()}`);
  }
  return result.stdout;
}
