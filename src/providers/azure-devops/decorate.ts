import { type Decoration, type PullRequestProvider } from '../port';
import { ApiRefusal } from '../rest/refusal';
import { identitiesUrlFor } from './address';
import { type RepositoryApi } from './repository-api';
import {
  type AzureFoundIdentity,
  type AzureIdentity,
  identitiesSchema,
  labelsSchema,
  reviewersSchema,
} from './schema';

/** A person or a team. */
interface Wanted {
  readonly name: string;
  readonly kind: 'user' | 'team';
}

export function decorateOn(api: RepositoryApi): PullRequestProvider['decorate'] {
  return async ({ number }, { labels, reviewers, assignees }, signal) => [
    ...(await addLabels(api, number, labels, signal)),
    ...(await addReviewers(api, number, wantedIn(reviewers), signal)),
    ...assignees.map((name) => `${name} was not assigned: pull requests of Azure DevOps have no assignees.`),
  ];
}

/** Azure DevOps makes the ones that it does not have: https://learn.microsoft.com/rest/api/azure/devops/git/pull-request-labels/create */
async function addLabels(
  { client, git }: RepositoryApi,
  number: number,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (names.length === 0) return [];
  const path = `pullRequests/${number}/labels`;
  const present = await client.request(labelsSchema, git('GET', path), signal);
  const faults: string[] = [];
  for (const name of names) {
    if (present.some((label) => same(label.name, name))) continue;
    const add = git('POST', path, {}, { name });
    faults.push(...(await sentencesUnless(`The label ${name}`, client.send(add, signal))));
  }
  return faults;
}

/** Who is a reviewer already is left alone: adding again would take back a vote. */
async function addReviewers(
  api: RepositoryApi,
  number: number,
  wanted: readonly Wanted[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (wanted.length === 0) return [];
  const { client, git } = api;
  const path = `pullRequests/${number}/reviewers`;
  const present = await client.request(reviewersSchema, git('GET', path), signal);
  const faults: string[] = [];
  for (const each of wanted) {
    if (present.some((reviewer) => isCalled(namesOfReviewer(reviewer), namesFor(api, each)))) continue;
    const id = await identityOf(api, each, signal);
    if (typeof id !== 'string') faults.push(id.fault);
    else if (!present.some((reviewer) => same(reviewer.id, id))) {
      const add = git('PUT', `${path}/${encodeURIComponent(id)}`, {}, { id, vote: 0 });
      faults.push(...(await sentencesUnless(`The reviewer ${each.name}`, client.send(add, signal))));
    }
  }
  return faults;
}

/** The API knows people and teams by their ids alone. */
async function identityOf(
  api: RepositoryApi,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<string | { readonly fault: string }> {
  const { client, ofOrganization } = api;
  const names = namesFor(api, wanted);
  const [asked = wanted.name] = names;
  const query = { searchFilter: 'General', filterValue: asked, queryMembership: 'none' };
  const search = ofOrganization('identities', query, false, identitiesUrlFor(client.baseUrl));
  const notAdded = `The reviewer ${wanted.name} was not added`;
  let found: readonly AzureFoundIdentity[];
  try {
    found = await client.request(identitiesSchema, search, signal);
  } catch (error) {
    // A token without this scope is refused in the same way as a wrong one, which was accepted a moment ago.
    if (!(error instanceof ApiRefusal) || !['bad-credentials', 'forbidden'].includes(error.code)) throw error;
    return { fault: `${notAdded}: give the token the scope Identity (read), to look people and teams up.` };
  }
  const [first, ...others] = found.filter(
    (each) => (each.isContainer === true) === (wanted.kind === 'team') && isCalled(namesOfFound(each), names),
  );
  if (first === undefined) {
    return { fault: `${notAdded}: ${client.target.host} has no ${wanted.kind} of this name.` };
  }
  if (others.some(({ id }) => id !== first.id)) {
    return {
      fault: `${notAdded}: several have this name, so give the address of a person, or [project]\\team.`,
    };
  }
  return first.id;
}

function wantedIn({ users, teams }: Decoration['reviewers']): readonly Wanted[] {
  const all = [
    ...users.map((name): Wanted => ({ name, kind: 'user' })),
    ...teams.map((name): Wanted => ({ name, kind: 'team' })),
  ];
  return all.filter(
    (each, index) => all.findIndex(({ name, kind }) => kind === each.kind && same(name, each.name)) === index,
  );
}

/** The service's names for it: a team without a project is one of the repository's own. */
function namesFor({ repository }: RepositoryApi, { name, kind }: Wanted): readonly string[] {
  return kind === 'user' || name.startsWith('[') ? [name] : [`[${repository.project}]\\${name}`];
}

function namesOfReviewer({ displayName, uniqueName }: AzureIdentity): readonly unknown[] {
  return [displayName, uniqueName];
}

function namesOfFound({
  providerDisplayName,
  customDisplayName,
  properties,
}: AzureFoundIdentity): readonly unknown[] {
  return [providerDisplayName, customDisplayName, properties?.Account?.$value, properties?.Mail?.$value];
}

function isCalled(names: readonly unknown[], wanted: readonly string[]): boolean {
  return names.some((name) => typeof name === 'string' && wanted.some((each) => same(each, name)));
}

function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

/** What the service refuses for what it is, and not because of the token or the service. */
async function sentencesUnless(what: string, added: Promise<unknown>): Promise<readonly string[]> {
  try {
    await added;
    return [];
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    if (!['forbidden', 'request-refused', 'repository-not-found'].includes(error.code)) throw error;
    return [`${what} was not added: ${error.fault}`];
  }
}
