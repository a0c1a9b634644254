import { type Decoration, type PullRequestProvider } from '../port';
import { ApiRefusal } from '../rest/refusal';
import { type RepositoryApi } from './repository-api';
import { decoratedPullRequestSchema, labelsSchema, reviewsSchema, usersSchema } from './schema';

/** Names are the same whatever their case. */
const key = (name: string): string => name.toLowerCase();

/** What is on a pull request already. */
interface Present {
  readonly labels: readonly string[];
  readonly users: readonly string[];
  readonly teams: readonly string[];
  readonly assignees: readonly string[];
}

export function decorateOn(api: RepositoryApi): PullRequestProvider['decorate'] {
  return async ({ number }, wanted, signal) => {
    const { labels, reviewers, assignees } = wanted;
    if ([labels, reviewers.users, reviewers.teams, assignees].every(({ length }) => length === 0)) return [];
    const present = await presentOn(api, number, wanted, signal);
    return [
      ...(await addLabels(
        api,
        number,
        missing(labels, present.labels, (name) => name),
        signal,
      )),
      ...(await addReviewers(api, number, 'reviewers', missing(reviewers.users, present.users), signal)),
      ...(await addReviewers(api, number, 'team_reviewers', missing(reviewers.teams, present.teams), signal)),
      ...(await addAssignees(api, number, assignees, present.assignees, signal)),
    ];
  };
}

function missing(
  wanted: readonly string[],
  present: readonly string[],
  of: (name: string) => string = key,
): readonly string[] {
  const there = new Set(present.map(of));
  return wanted.filter((name) => !there.has(of(name)));
}

/** Who has reviewed already is no longer asked to, and being asked again would take the review back. */
async function presentOn(
  { client, at, list }: RepositoryApi,
  number: number,
  { reviewers }: Decoration,
  signal: AbortSignal,
): Promise<Present> {
  const found = await client.request(decoratedPullRequestSchema, at('GET', `pulls/${number}`), signal);
  const asksPeople = reviewers.users.length + reviewers.teams.length > 0;
  const reviews = asksPeople
    ? await client.request(reviewsSchema, list(`pulls/${number}/reviews`), signal)
    : [];
  const users = [...(found.requested_reviewers ?? []), ...reviews.map(({ user }) => user)];
  const teams = [...(found.requested_reviewers_teams ?? []), ...reviews.map(({ team }) => team)];
  return {
    labels: (found.labels ?? []).map(({ name }) => name),
    users: users.flatMap((user) => user?.login ?? []),
    teams: teams.flatMap((team) => team?.name ?? []),
    assignees: (found.assignees ?? []).map(({ login }) => login),
  };
}

/** Gitea takes names, and leaves out those that it does not know; the answer has all labels that there are. */
async function addLabels(
  { client, at }: RepositoryApi,
  number: number,
  labels: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (labels.length === 0) return [];
  const add = at('POST', `issues/${number}/labels`, { labels });
  const there = new Set((await client.request(labelsSchema, add, signal)).map(({ name }) => name));
  const lost = labels.filter((name) => !there.has(name));
  return lost.map(
    (name) => `The label ${name} was not added: the repository and its organization have none.`,
  );
}

/** One at a time: of several, Gitea adds none where one is not there. */
async function addReviewers(
  { client, at }: RepositoryApi,
  number: number,
  field: 'reviewers' | 'team_reviewers',
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const faults: string[] = [];
  const whom = field === 'reviewers' ? 'reviewer' : 'team';
  for (const name of names) {
    try {
      const add = at('POST', `pulls/${number}/requested_reviewers`, { [field]: [name] });
      const added = await client.request(reviewsSchema, add, signal);
      // To a repository of a user, which has no teams.
      if (added.length === 0)
        faults.push(`The ${whom} ${name} was not asked for a review: Gitea added none.`);
    } catch (error) {
      if (!(error instanceof ApiRefusal) || ![403, 404, 422].includes(error.status)) throw error;
      faults.push(`The ${whom} ${name} was not asked for a review: ${error.words}.`);
    }
  }
  return faults;
}

/** Gitea replaces the whole list, and answers 500 for a user who may not be assigned. */
async function addAssignees(
  { client, at, list }: RepositoryApi,
  number: number,
  wanted: readonly string[],
  present: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const names = missing(wanted, present);
  if (names.length === 0) return [];
  const allowed = await client.request(usersSchema, list('assignees'), signal);
  const lost = missing(
    names,
    allowed.map(({ login }) => login),
  );
  const added = missing(names, lost);
  if (added.length > 0)
    await client.send(at('PATCH', `pulls/${number}`, { assignees: [...present, ...added] }), signal);
  return lost.map((name) => `${name} was not assigned: no user of that name may be, in this repository.`);
}
