import { type PullRequestCommit } from './port';

/** As many commits of a pull request are read. */
export const maxCommits = 250;
/** Each with its message: so many stay well within what an answer may have. */
export const commitsPerPage = 50;
/** Longer than any message that Windlass writes. */
const maxMessage = 65_536;
/** Longer than any address (RFC 5321 allows 254 characters) and any account's name. */
const maxName = 255;

/**
 * A commit, with what its author decides bounded: anyone who can push can name anything in it.
 * @param names of its author and committer; empty and missing ones, and repetitions, are left out
 */
export function pullRequestCommit(
  id: string,
  message: string,
  names: readonly (string | null | undefined)[],
): PullRequestCommit {
  const given = names.map((name) => bounded((name ?? '').trim(), maxName));
  return {
    id,
    message: bounded(message, maxMessage),
    people: [...new Set(given.filter((name) => name !== ''))],
  };
}

function bounded(text: string, length: number): string {
  return text.slice(0, length).toWellFormed();
}
