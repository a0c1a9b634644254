/**
 * Runs git through simple-git, which guards argument lists and environment against smuggled options. Values from
 * outside stand behind `--`, in standard input or in `key=value` positions that begin with our own words.
 */
import { randomUUID } from 'node:crypto';
import { GitError, simpleGit, type SimpleGit } from 'simple-git';
import { WindlassError } from '../../domain/errors';
import { inSpan } from '../../tracing/spans';
import { boundOutput } from './bounded-output';
import { type Program } from './limited-git';
import { endFamilies, familyVariable } from './process-family';

export interface GitSettings {
  /** Git, within its limits. */
  readonly program: Program;
  /** Begins the name of each process family. */
  readonly family: string;
  /** Working directory; for commands on a repository, the bare repository itself. */
  readonly directory: string;
  /** False for `ls-remote` and `init`, which run before there is a repository. */
  readonly inRepository: boolean;
  /** The whole environment of the process, Git's variables included. */
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

interface GitRun {
  /** Exit codes besides 0 that are an answer and no failure: `git grep` says 1 for "none". */
  readonly answers?: readonly number[];
}

export interface Git {
  /** Standard output as UTF-8. */
  text(args: readonly string[], run?: GitRun): Promise<string>;
}

/** Git ended with a failure. A GitError, since simple-git replaces any other. Its output may hold anything: it is for classification, never for people. */
export class GitExit extends GitError {
  override readonly name = 'GitExit';
  /** Private, since loggers write down every property that they can list. */
  readonly #output: string;

  constructor(
    readonly exitCode: number | null,
    output: string,
  ) {
    super(undefined, `git ended with exit code ${exitCode ?? 'none: it was killed'}`);
    this.#output = output;
  }

  get output(): string {
    return this.#output;
  }
}

/** All of these are set by us alone, from values that were checked; anything else in the guarded set is refused. */
const allowedEnvironment = [
  'GIT_DIR',
  'GIT_CEILING_DIRECTORIES',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_CONFIG_COUNT',
  'GIT_TERMINAL_PROMPT',
  'GIT_ALLOW_PROTOCOL',
  'GIT_LITERAL_PATHSPECS',
  'GIT_SSH_COMMAND',
  'GIT_SSH_VARIANT',
  'SSH_ASKPASS',
];

/**
 * Git as every call runs it.
 * Each method throws GitExit when git fails, the signal's reason when it was aborted, and WindlassError timed-out or
 * repository-too-large.
 */
export function createGit(settings: GitSettings): Git {
  const execute = async <T>(run: GitRun, command: (git: SimpleGit) => PromiseLike<T>): Promise<T> => {
    const deadline = AbortSignal.timeout(settings.timeoutMs);
    const overflow = new AbortController();
    const either = AbortSignal.any([settings.signal, deadline, overflow.signal]);
    const family = `${settings.family}/${randomUUID()}`;
    const end = () => void endFamilies(family);
    either.addEventListener('abort', end, { once: true });
    const environment = {
      ...settings.environment,
      [familyVariable]: family,
      ...(settings.inRepository ? { GIT_DIR: settings.directory } : {}),
    };
    try {
      const git = start(settings, environment, run, either);
      git.outputHandler((_command, output, messages) => {
        boundOutput({ output, messages }, (error) => overflow.abort(error));
      });
      return await command(git);
    } catch (error) {
      if (settings.signal.aborted) throw abortReason(settings.signal);
      if (overflow.signal.aborted) throw abortReason(overflow.signal);
      if (deadline.aborted) {
        const seconds = settings.timeoutMs / 1000;
        throw new WindlassError('timed-out', `A git command was ended after ${seconds} s.`);
      }
      throw error;
    } finally {
      either.removeEventListener('abort', end);
    }
  };
  return {
    text: (args, run = {}) => {
      const command = commandOf(args);
      return inSpan(`git ${command}`, { attributes: { 'windlass.git.command': command } }, () =>
        execute(run, (git) => git.raw([...args])),
      );
    },
  };
}

/** Its name alone: the arguments have URLs and paths. */
function commandOf([first = '']: readonly string[]): string {
  return /^[a-z-]{1,20}$/.test(first) ? first : 'command';
}

function start(
  { directory, program }: GitSettings,
  environment: Readonly<Record<string, string>>,
  run: GitRun,
  signal: AbortSignal,
): SimpleGit {
  const configuration = Object.keys(environment).filter((key) => /^GIT_CONFIG_(KEY|VALUE)_\d+$/.test(key));
  return simpleGit({
    baseDir: directory,
    binary: [...program],
    abort: signal,
    // Waiting for "close" alone: output may follow the exit of a process whose children still write.
    completion: { onClose: true, onExit: false },
    allowEnvironment: [...allowedEnvironment, ...configuration],
    unsafe: {
      allowUnsafeConfigEnvCount: true,
      allowUnsafeSshCommand: true,
      allowUnsafeAskPass: true,
      allowUnsafeTemplateDir: true,
      // The data directory's path may hold any character.
      allowUnsafeCustomBinary: true,
    },
    // simple-git's own rule calls a process that was killed, or that failed without a word, a success.
    errors: (error, { exitCode, stdOut, stdErr }) => {
      if (exitCode === 0 || run.answers?.includes(exitCode) === true) return undefined;
      const killed: number | null = exitCode;
      if (error instanceof Error && error.name === 'GitPluginError') return error;
      return new GitExit(killed, excerpt([...stdErr, ...stdOut]));
    },
  }).env({ ...environment });
}

/** What is looked at of a failed command's words: as much of the beginning, and of the end. */
const excerptBytes = 65_536;

function excerpt(chunks: readonly Buffer[]): string {
  const all = Buffer.concat(chunks);
  if (all.length <= 2 * excerptBytes) return all.toString('utf8');
  return `${all.toString('utf8', 0, excerptBytes)}\n${all.toString('utf8', all.length - excerptBytes)}`;
}

/** What a caller whose signal was aborted gets: the reason that the signal was given. */
export function abortReason(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  if (reason instanceof DOMException && reason.name === 'TimeoutError') {
    return new WindlassError('timed-out', 'The promotion ran out of time in its Git repository.');
  }
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}
