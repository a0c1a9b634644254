import { type FailureCode } from '../../domain/errors';
import { type ServerRefusal } from '../../domain/git-server';

export interface GitAttempt {
  readonly operation: 'fetch' | 'push';
  /** The remote's host, for people. */
  readonly host: string;
  /** The branch pushed, or the base branch of a fetch. */
  readonly branch: string;
  /** The words in which the service behind the host refuses. */
  readonly serverRefusals: readonly ServerRefusal[];
  /** Of the SSH key: one that cannot be decrypted is refused like a wrong one. */
  readonly hasPassphrase?: boolean;
}

/** @param output what git said, as it came */
export type Sentence = (attempt: GitAttempt, words: string, output: string) => string;

/** What some words of git mean. */
export interface Rule extends Omit<ServerRefusal, 'code'> {
  readonly code: FailureCode;
  readonly sentence: Sentence;
}
