import { type CredentialsReference } from '../domain/credentials';
import { type Identity } from '../domain/promotion/commit-style';
import { type SigningKeyReference } from '../domain/signing-key';
import { type ServerRefusal } from '../domain/git-server';
import { type RepositoryUrl } from '../domain/pipeline/repository-url';

/** A repository as one promotion reaches it. Nothing in it is secret. */
export interface GitRemote {
  readonly url: RepositoryUrl;
  /** Read when git is called; repositories read with different Secrets never share a cache. */
  readonly credentials: CredentialsReference;
  /** How the service behind it says no. */
  readonly serverRefusals: readonly ServerRefusal[];
}

/** Commit ids are full hex object names. */
export interface BranchHeads {
  readonly base: string;
  /** Absent: the remote has no such branch. */
  readonly promotion?: string;
}

export interface Commit {
  readonly id: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: string;
  readonly message: string;
}

export interface FileEdit {
  readonly path: string;
  readonly content: Buffer;
}

/** The first few files that are not read, by path. */
export interface UnreadFiles {
  /** They contain the text and are neither `*.yaml` nor `*.yml`. */
  readonly otherNames: readonly string[];
  /** Manifests whose content is in Git LFS. */
  readonly lfsPointers: readonly string[];
  /** `*.yaml` and `*.yml` that are symbolic links, wherever they lead. */
  readonly symbolicLinks: readonly string[];
}

export interface NewCommit {
  readonly parent: string;
  readonly edits: readonly FileEdit[];
  readonly message: string;
  readonly author: Identity;
  /** Absent: the author. */
  readonly committer?: Identity;
  /** Absent: the commit is not signed. */
  readonly signingKey?: SigningKeyReference;
  /** Author and committer date, milliseconds since the epoch. */
  readonly at: number;
}

export interface MarkedFile {
  readonly path: string;
  readonly content: Buffer;
}

/**
 * One repository of the cache, fetched and open for one promotion. Without a work tree: content is read from and
 * written to Git objects. Every method throws WindlassError, classified.
 */
export interface Repository {
  /** The two branches' heads on the remote, as of the fetch, with the trees of both available. */
  readonly heads: BranchHeads;
  commit(id: string): Promise<Commit>;
  /**
   * The commits of the promotion branch that the base does not have, newest first, at most `limit`; fetches more
   * history when the cache is too shallow for that.
   */
  commitsAhead(limit: number): Promise<readonly Commit[]>;
  /** Regular `*.yaml` and `*.yml` files of a commit whose bytes contain `text`; symbolic links are never followed. */
  filesContaining(commit: string, text: string): Promise<readonly MarkedFile[]>;
  /** Why `filesContaining` may have missed a file with `text`. Searches the whole commit. */
  unreadFiles(commit: string, text: string): Promise<UnreadFiles>;
  /** Writes blobs, trees and the commit. The same input makes the same tree; whether the same id, is not promised. */
  createCommit(commit: NewCommit): Promise<Commit>;
  /** Pushes `commit` to the promotion branch if its head is still `expected` (undefined: the branch does not exist). */
  push(commit: string, expected: string | undefined): Promise<void>;
}

export interface RepositoryCache {
  /**
   * Fetches what is new of both branches and hands the repository to `use`. Safe under several processes: while `use`
   * runs, no other call enters that repository, so whatever needs no Git belongs after it.
   * @throws WindlassError: network, timed-out, bad-credentials, repository-not-found, base-branch-not-found, …; the
   *   signal's reason when it is aborted; whatever `use` throws
   */
  withRepository<T>(
    remote: GitRemote,
    branches: { readonly base: string; readonly promotion: string },
    signal: AbortSignal,
    use: (repository: Repository) => Promise<T>,
  ): Promise<T>;
}
