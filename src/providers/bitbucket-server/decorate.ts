import { type Decoration, type PullRequestProvider } from '../port';
import { ApiRefusal } from '../rest/refusal';
import { unlessRefused } from '../rest/unless-refused';
import { readPullRequest } from './pull-request';
import { type RepositoryApi } from './repository-api';
import { reviewerGroupsSchema } from './schema';

export const noLabels = 'only repositories have labels';
export const noAssignees = 'pull requests have reviewers only';

export function decorateOn(api: RepositoryApi): PullRequestProvider['decorate'] {
  return async ({ number }, { labels, reviewers, assignees }, signal) => {
    const notThere = [
      ...labels.map((label) => `The label ${label} was not added: ${noLabels}.`),
      ...assignees.map((user) => `${user} was not assigned: ${noAssignees}.`),
    ];
    if (reviewers.users.length + reviewers.teams.length === 0) return notThere;
    const present = await readPullRequest(api, number, signal);
    const { wanted, missing } = await usersOf(api, reviewers, signal);
    const names = [...present.reviewers.map(({ user }) => user.name), present.author?.user.name ?? ''];
    const known = new Set(names.map((name) => name.toLowerCase()));
    for (const user of wanted.filter((name) => !known.has(name.toLowerCase()))) {
      missing.push(...(await addReviewer(api, number, user, signal)));
    }
    return [...notThere, ...missing];
  };
}

/** The users, and those of the reviewer groups, each once. */
async function usersOf(
  { client, route }: RepositoryApi,
  { users, teams }: Decoration['reviewers'],
  signal: AbortSignal,
): Promise<{ readonly wanted: readonly string[]; readonly missing: string[] }> {
  if (teams.length === 0) return { wanted: [...new Set(users)], missing: [] };
  const list = route('GET', 'settings/reviewer-groups', { query: { limit: '100' } });
  // Older versions have no reviewer groups, hence none of these names.
  const groups =
    (await unlessRefused(['repository-not-found'], client.request(reviewerGroupsSchema, list, signal))) ?? [];
  const found = teams.map((team) => ({ team, group: groups.find(({ name }) => name === team) }));
  return {
    wanted: [
      ...new Set([...users, ...found.flatMap(({ group }) => group?.users.map(({ name }) => name) ?? [])]),
    ],
    missing: found
      .filter(({ group }) => group === undefined)
      .map(
        ({ team }) => `The reviewer group ${team} was not added: the repository has no group of this name.`,
      ),
  };
}

/** By itself: a pull request's list of reviewers is refused as a whole for one of them. @returns why it could not be added */
async function addReviewer(
  { client, route }: RepositoryApi,
  number: number,
  name: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const body = { user: { name }, role: 'REVIEWER' };
  try {
    await client.send(route('POST', `pull-requests/${number}/participants`, { body }), signal);
    return [];
  } catch (error) {
    if (!(error instanceof ApiRefusal) || error.code === 'rate-limited' || error.code === 'bad-credentials')
      throw error;
    if (error.status >= 500) throw error;
    return [`The reviewer ${name} was not added: ${error.words === '' ? error.status : error.words}`];
  }
}
