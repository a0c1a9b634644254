import { unlessRefused } from '../rest/unless-refused';
import { type RepositoryApi, quoted } from './repository-api';
import { branchesSchema, commitSchema } from './schema';

/** The end of a pull request, as lists name it. */
export interface NamedHead {
  readonly branch: string;
  /** Abbreviated to 12 digits. */
  readonly hash: string;
}

const idLength = 40;
/** Of so few, each commit is asked for. */
const few = 2;
/** A URL stays well within what servers take. */
const maxQuery = 2_000;
/** As many branches as one page has. */
const maxNames = 50;

/**
 * Bitbucket abbreviates the commits of pull requests. Their whole ids come from the branches, many with one request, and from
 * the commits themselves where the branch has moved or is gone.
 * @returns by abbreviated id; without commits that are not there
 */
export async function wholeIds(
  api: RepositoryApi,
  heads: readonly NamedHead[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const { hash } of heads) if (hash.length >= idLength) found.set(hash, hash);
  const missing = (): NamedHead[] => heads.filter(({ hash }) => !found.has(hash));
  if (missing().length > few) {
    const branches = missing().map(({ branch }) => branch);
    const ids = await headsOf(api, [...new Set(branches)], signal);
    for (const { branch, hash } of missing()) {
      const id = ids.get(branch);
      if (id?.startsWith(hash) === true) found.set(hash, id);
    }
  }
  for (const { hash } of missing()) {
    const asked = api.client.request(commitSchema, api.get(`commit/${hash}`, { fields: 'hash' }), signal);
    const commit = await unlessRefused(['repository-not-found'], asked);
    if (commit?.hash.startsWith(hash) === true) found.set(hash, commit.hash);
  }
  return found;
}

/** The commits that these branches are at; without branches that are not there. */
export async function headsOf(
  api: RepositoryApi,
  branches: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  for (const q of queriesFor(branches)) {
    const request = api.list('refs/branches', { q, fields: 'name,target.hash' });
    for (const { name, target } of await api.client.request(branchesSchema, request, signal))
      if (target !== null) ids.set(name, target.hash);
  }
  return ids;
}

function queriesFor(branches: readonly string[]): readonly string[] {
  const queries: string[] = [];
  let some: string[] = [];
  for (const branch of branches) {
    const which = `name = ${quoted(branch)}`;
    if (some.length === maxNames || [...some, which].join(' OR ').length > maxQuery) {
      if (some.length > 0) queries.push(some.join(' OR '));
      some = [];
    }
    some.push(which);
  }
  return some.length === 0 ? queries : [...queries, some.join(' OR ')];
}
