import { WindlassError } from '../../domain/errors';
import { redact } from '../../domain/network/redact';
import { classifyGitFailure, isStorageFault, longestWords } from '../transport/failure-classification';
import { type GitAttempt } from '../transport/failure-rule';
import { GitExit } from './git-command';
import { isBeyondLimits } from './limited-git';

/** A failure of a command that talks to the remote, for people. Anything but a GitExit is passed on as it is. */
export function remoteFailure(error: unknown, attempt: GitAttempt, secrets: readonly string[]): unknown {
  if (!(error instanceof GitExit)) return error;
  if (isBeyondLimits(error.output)) return beyondLimits();
  const fault = classifyGitFailure(error.output, attempt);
  if (fault === undefined || isStorageFault(error.output)) return localFailure(error, secrets);
  return new WindlassError(fault.code, redactedSentence(fault.sentence, secrets));
}

/** A file system error, as a failure that says what it is about. Anything else is passed on as it is. */
export function storageFailure(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) return error;
  return new WindlassError('cache-unavailable', `The repository cache cannot be used (${code}).`, {
    cause: error,
  });
}

/** A failure of git, or of the file system, on the cache alone. Anything else is passed on as it is. */
export function localFailure(error: unknown, secrets: readonly string[]): unknown {
  if (!(error instanceof GitExit)) return storageFailure(error);
  if (isBeyondLimits(error.output)) return beyondLimits();
  // The shell that becomes git says this.
  if (error.exitCode === 127) {
    return new WindlassError('internal', 'The program git is not installed, or not on the PATH.');
  }
  if (error.output.includes("unknown option `batch-command'")) {
    return new WindlassError('internal', 'The program git is too old: Windlass needs Git 2.36 or newer.');
  }
  const words = /^(?:fatal|error): .*$/m.exec(error.output)?.[0];
  if (words === undefined && error.exitCode === null) {
    return new WindlassError(
      'internal',
      'A git process was killed; the next attempt fetches the repository again.',
    );
  }
  const said = redact(words ?? `exit code ${error.exitCode ?? 'none'}`, secrets).replace(/\.*$/, '');
  if (isStorageFault(error.output)) {
    return new WindlassError('cache-unavailable', `The repository cache cannot be written: ${said}.`);
  }
  return new WindlassError(
    'internal',
    `The repository cache is damaged and is fetched again by the next attempt: ${said}.`,
  );
}

/** Whether a repository went beyond what one may cost, wherever that was seen. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof WindlassError && error.code === 'repository-too-large';
}

function beyondLimits(): WindlassError {
  return new WindlassError(
    'repository-too-large',
    'Git needed more memory, or wrote a larger file, than one repository may.',
  );
}

/** What stands around quoted words: names of a host and of two branches among it. */
const longestFrame = 900;

function redactedSentence(sentence: string, secrets: readonly string[]): string {
  return `${redact(sentence.replace(/\.$/, ''), secrets, longestWords + longestFrame)}.`;
}
