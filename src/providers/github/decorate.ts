import { type FailureCode } from '../../domain/errors';
import { type Decoration, type PullRequestProvider } from '../port';
import { ApiRefusal } from '../rest/refusal';
import { unlessRefused } from '../rest/unless-refused';
import { type RepositoryApi } from './repository-api';
import {
  assignedSchema,
  decoratedPullRequestSchema,
  type GithubDecoratedPullRequest,
  labelsSchema,
  reviewRequestsSchema,
} from './schema';

/** What a pull request has, or is to have. */
interface Ornament {
  readonly kind: 'label' | 'reviewer' | 'team' | 'assignee';
  readonly name: string;
}

/** @returns what the pull request has afterwards */
type Add = (ornaments: readonly Ornament[]) => Promise<readonly Ornament[]>;

/** How GitHub refuses names that it does not know, and what the token may not do. */
const refusals: readonly FailureCode[] = ['request-refused', 'forbidden', 'repository-not-found'];
const maxWords = 300;

/** One request shows what is there, and one adds all that is missing of a kind: more only where GitHub refuses a name. */
export function decorateOn(api: RepositoryApi): PullRequestProvider['decorate'] {
  const { route, name, client } = api;
  return async ({ number }, decoration, signal) => {
    const wanted = ornamentsOf(decoration);
    if (wanted.length === 0) return [];
    const pull = { ...name, pull_number: number };
    const issue = { ...name, issue_number: number };
    const get = route('GET /repos/{owner}/{repo}/pulls/{pull_number}', pull);
    const found = await client.request(decoratedPullRequestSchema, get, signal);
    const lacking = without(wanted, presentOn(found));
    const isReviewer = ({ kind }: Ornament): boolean => kind === 'reviewer' || kind === 'team';
    const asked = lacking.some(isReviewer) ? await askedBefore(api, number, signal) : [];

    // GitHub makes a label that the repository does not have.
    const addLabels: Add = async (labels) => {
      const add = { ...issue, labels: namesOf(labels, 'label') };
      const request = route('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', add);
      return ornaments('label', (await client.request(labelsSchema, request, signal)).map(labelName));
    };
    const addReviewers: Add = async (reviewers) => {
      const users = namesOf(reviewers, 'reviewer');
      const add = { ...pull, reviewers: users, team_reviewers: namesOf(reviewers, 'team') };
      const request = route('POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers', add);
      return presentOn(await client.request(decoratedPullRequestSchema, request, signal));
    };
    const assign: Add = async (assignees) => {
      const add = { ...issue, assignees: namesOf(assignees, 'assignee') };
      const request = route('POST /repos/{owner}/{repo}/issues/{issue_number}/assignees', add);
      const assigned = await client.request(assignedSchema, request, signal);
      return ornaments('assignee', assigned.assignees.map(login));
    };
    return [
      ...(await addAll(of(lacking, 'label'), addLabels)),
      ...(await addAll(without(lacking.filter(isReviewer), asked), addReviewers)),
      ...(await addAll(of(lacking, 'assignee'), assign)),
    ];
  };
}

/** @returns a sentence for each that was not added */
async function addAll(wanted: readonly Ornament[], add: Add): Promise<readonly string[]> {
  if (wanted.length === 0) return [];
  try {
    // GitHub ignores some names without a word: those of whom it cannot assign.
    const ignored = without(wanted, await add(wanted));
    return ignored.map((each) =>
      sentence(each, 'GitHub ignored it. Check the name, and its access to the repository'),
    );
  } catch (error) {
    if (!(error instanceof ApiRefusal) || !refusals.includes(error.code)) throw error;
    const [only, ...others] = wanted;
    if (only !== undefined && others.length === 0) return [sentence(only, why(only, error.words))];
  }
  // One name that it does not know, and it refuses all.
  const missing: string[] = [];
  for (const each of wanted) missing.push(...(await addAll([each], add)));
  return missing;
}

/** A team that it does not show to the token is a "node" to GitHub: https://github.com/github/docs/issues/35057 */
function why({ kind }: Ornament, words: string): string {
  const said = words.slice(0, maxWords);
  if (kind !== 'team' || !/could not resolve to a node/i.test(words)) return said;
  return `The token may not see the team. Give it "Members: read" of the organization (${said})`;
}

function sentence({ kind, name }: Ornament, reason: string): string {
  return `The ${kind} ${name} was not added: ${reason.replace(/\.$/, '')}.`;
}

/**
 * Whom someone asked for a review: one who has given it is not among the requested any more, and is not to be asked for each
 * version again. None where the token may not read it.
 */
async function askedBefore(
  { route, name, client }: RepositoryApi,
  number: number,
  signal: AbortSignal,
): Promise<readonly Ornament[]> {
  const which = { ...name, issue_number: number, per_page: 100 };
  const list = route('GET /repos/{owner}/{repo}/issues/{issue_number}/events', which);
  const asked = client.request(reviewRequestsSchema, list, signal);
  const events = (await unlessRefused(['forbidden', 'repository-not-found'], asked)) ?? [];
  return events
    .filter(({ event }) => event === 'review_requested')
    .flatMap(({ requested_reviewer: user, requested_team: team }) => [
      ...ornaments('reviewer', user ? [user.login] : []),
      ...ornaments('team', team ? [team.slug] : []),
    ]);
}

function ornamentsOf({ labels, reviewers, assignees }: Decoration): readonly Ornament[] {
  return [
    ...ornaments('label', labels),
    ...ornaments('reviewer', reviewers.users),
    ...ornaments('team', reviewers.teams),
    ...ornaments('assignee', assignees),
  ];
}

function presentOn(found: GithubDecoratedPullRequest): readonly Ornament[] {
  return ornamentsOf({
    labels: found.labels.map(labelName),
    reviewers: {
      users: found.requested_reviewers.map(login),
      teams: found.requested_teams.map(({ slug }) => slug),
    },
    assignees: found.assignees.map(login),
  });
}

function ornaments(kind: Ornament['kind'], names: readonly string[]): readonly Ornament[] {
  return names.map((name) => ({ kind, name }));
}

function of(all: readonly Ornament[], kind: Ornament['kind']): readonly Ornament[] {
  return all.filter((each) => each.kind === kind);
}

function namesOf(all: readonly Ornament[], kind: Ornament['kind']): string[] {
  return of(all, kind).map(({ name }) => name);
}

/** GitHub ignores the case of names. */
function without(wanted: readonly Ornament[], present: readonly Ornament[]): readonly Ornament[] {
  const key = ({ kind, name }: Ornament): string => `${kind} ${name.toLowerCase()}`;
  const there = new Set(present.map(key));
  return wanted.filter((each) => !there.has(key(each)));
}

function login(user: { readonly login: string }): string {
  return user.login;
}

function labelName(label: { readonly name: string }): string {
  return label.name;
}
