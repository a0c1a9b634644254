/** Git without Git, for tests of what comes after it: each Pipeline has one manifest, and pushes reach the service at once. */
import { createHash } from 'node:crypto';
import { WindlassError } from '../../../src/domain/errors';
import {
  type Commit,
  type FileEdit,
  type Repository,
  type RepositoryCache,
} from '../../../src/git/repository';

/** The service's side. */
export interface PushedBranches {
  /** @returns a commit id; undefined: there is no such branch */
  head(branch: string): string | undefined;
  push(branch: string, commit: string): void;
  /** Of the base branch, which a merge moves. */
  base(): string;
}

interface Made extends Commit {
  readonly edits: readonly FileEdit[];
}

/** Shared by all workers. @param manifests of the base branch, their texts by path */
export function memoryRepositories(
  manifests: ReadonlyMap<string, string>,
  service: PushedBranches,
): RepositoryCache {
  const commits = new Map<string, Made>();
  const made = (id: string): Made => {
    const found = commits.get(id);
    if (found === undefined) throw new Error(`no commit ${id}`);
    return found;
  };
  return {
    withRepository(_remote, { promotion: branch }, signal, use) {
      signal.throwIfAborted();
      const promotion = service.head(branch);
      const contentOf = (commit: string, path: string): string | undefined =>
        commits
          .get(commit)
          ?.edits.find((edit) => edit.path === path)
          ?.content.toString() ?? manifests.get(path);
      const repository: Repository = {
        heads: { base: service.base(), ...(promotion === undefined ? {} : { promotion }) },
        commit: (id) => Promise.resolve(made(id)),
        commitsAhead: () => Promise.resolve(promotion === undefined ? [] : [made(promotion)]),
        filesContaining: (commit, text) =>
          Promise.resolve(
            [...manifests.keys()].flatMap((path) => {
              const content = contentOf(commit, path) ?? '';
              return content.includes(text) ? [{ path, content: Buffer.from(content) }] : [];
            }),
          ),
        unreadFiles: () => Promise.resolve({ otherNames: [], lfsPointers: [] }),
        createCommit: ({ parent, edits, message, author }) => {
          const text = edits.map(({ path, content }) => `${path}\n${content.toString()}`).join('\n');
          const tree = createHash('sha1').update(text).digest('hex');
          const id = createHash('sha1')
            .update(JSON.stringify([tree, parent, message]))
            .digest('hex');
          const commit = { id, tree, parents: [parent], author: author.name, message, edits };
          commits.set(id, commit);
          return Promise.resolve(commit);
        },
        push: (commit, expected) => {
          if (service.head(branch) !== expected)
            throw new WindlassError('lease-lost', 'The branch has moved.');
          service.push(branch, commit);
          return Promise.resolve();
        },
      };
      return use(repository);
    },
  };
}
