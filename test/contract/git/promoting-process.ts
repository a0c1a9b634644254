/**
 * A worker of its own, for tests of what several do to one cache and of what a killed one leaves.
 * It reports each entry into the repository to its parent, and stays there when it is told to hang.
 */
import { appendFileSync } from 'node:fs';
import { createRepositoryCache } from '../../../src/git/cache/repository-cache';
import { cacheOptions, promote, remoteAt, signal } from './fixtures';

export interface Assignment {
  readonly directory: string;
  readonly url: string;
  readonly branches: readonly string[];
  readonly hang: boolean;
  /** Gets a line for each entry into a repository and each leave. */
  readonly journal: string;
}

async function run({ directory, url, branches, hang, journal }: Assignment): Promise<void> {
  const cache = createRepositoryCache(cacheOptions(directory));
  for (const promotion of branches) {
    await cache.withRepository(remoteAt(url), { base: 'main', promotion }, signal(), async (repository) => {
      appendFileSync(journal, `enter ${process.pid}\n`);
      process.send?.('inside');
      if (hang) await new Promise(() => setInterval(() => undefined, 1_000));
      await promote(repository, promotion);
      appendFileSync(journal, `leave ${process.pid}\n`);
    });
  }
}

process.once('message', (assignment: Assignment) => {
  run(assignment).then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
