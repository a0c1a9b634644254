/**
 * Every change of a pull request is a change of all of it: Bitbucket refuses one without a title, and clears the reviewers who
 * are not sent again.
 */
import {
  type BitbucketReviewer,
  membersSchema,
  pullRequestSchema,
  reviewedPullRequestSchema,
} from './schema';
import { type Decoration, type Numbered, type PullRequest, type PullRequestProvider } from '../port';
import { ApiRefusal } from '../rest/refusal';
import { unlessRefused } from '../rest/unless-refused';
import { isAboutReviewers } from './errors';
import { pullRequestOf } from './pull-request';
import { listQuery, quoted, type RepositoryApi, search } from './repository-api';

/** `{UUID}`, and an Atlassian account's id: 24 hexadecimal digits, or a number and a UUID. */
const uuid = /^\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}$/i;
const accountId = /^([0-9a-f]{24}|\d+:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** Access tokens of repositories are refused as if they were wrong. */
const notForThisToken = ['bad-credentials', 'forbidden', 'repository-not-found', 'request-refused'] as const;

interface Texts {
  readonly title: string;
  readonly description: string;
}

interface Reviewer {
  /** As Bitbucket takes it. */
  readonly sent: { readonly uuid: string } | { readonly account_id: string };
  readonly name: string;
}

export function updateOn(api: RepositoryApi): PullRequestProvider['update'] {
  return async (pullRequest, { title, body }, signal) => {
    const { reviewers } = await presentOf(api, pullRequest, signal);
    const { saved } = await save(
      api,
      pullRequest,
      { title, description: body },
      reviewers.map(again),
      signal,
    );
    return saved;
  };
}

export function decorateOn(api: RepositoryApi): PullRequestProvider['decorate'] {
  return async (pullRequest, { labels, reviewers, assignees }, signal) => {
    const missing = [
      ...labels.map((label) => `The label ${label} was not added: Bitbucket Cloud has no labels.`),
      ...reviewers.teams.map((team) => `The team ${team} was not asked for a review: only users can be.`),
      ...assignees.map((user) => `${user} was not assigned: Bitbucket Cloud has no assignees.`),
    ];
    if (reviewers.users.length === 0) return missing;
    return [...missing, ...(await addReviewers(api, pullRequest, reviewers, signal))];
  };
}

async function addReviewers(
  api: RepositoryApi,
  pullRequest: Numbered,
  { users }: Decoration['reviewers'],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { texts, reviewers: present } = await presentOf(api, pullRequest, signal);
  const isPresent = (name: string): boolean =>
    present.some((each) => [each.uuid, each.account_id, each.nickname].includes(name));
  const unknown: string[] = [];
  const added: Reviewer[] = [];
  for (const name of new Set(users.filter((each) => !isPresent(each)))) {
    const sent = await resolve(api, name, signal);
    if (sent === undefined) unknown.push(name);
    else added.push({ sent, name });
  }
  const wanted = [...present.map(again), ...added];
  const refused = added.length === 0 ? [] : (await save(api, pullRequest, texts, wanted, signal)).refused;
  return [
    ...unknown.map(
      (name) =>
        `The reviewer ${name} was not added: no member of the workspace has that nickname, or the token may not see its members; name them by account id or {UUID}.`,
    ),
    ...refused.map(({ name, words }) => `The reviewer ${name} was not added: ${words}.`),
  ];
}

/** @returns undefined for a nickname that no member has, and where the token may not look */
async function resolve(
  { client, workspace }: RepositoryApi,
  name: string,
  signal: AbortSignal,
): Promise<Reviewer['sent'] | undefined> {
  if (uuid.test(name)) return { uuid: name };
  if (accountId.test(name)) return { account_id: name };
  const query = search(listQuery({ q: `user.nickname = ${quoted(name)}`, fields: 'user.uuid' }));
  const asked = client.request(
    membersSchema,
    { method: 'GET', url: `workspaces/${workspace}/members${query}` },
    signal,
  );
  const members = (await unlessRefused(notForThisToken, asked)) ?? [];
  const [only, ...others] = members;
  // Nicknames are not unique.
  return only === undefined || others.length > 0 ? undefined : { uuid: only.user.uuid };
}

async function presentOf(
  { client, get }: RepositoryApi,
  { number }: Numbered,
  signal: AbortSignal,
): Promise<{ readonly texts: Texts; readonly reviewers: readonly BitbucketReviewer[] }> {
  const fields = 'title,description,reviewers.uuid,reviewers.account_id,reviewers.nickname';
  const asked = get(`pullrequests/${number}`, { fields });
  const found = await client.request(reviewedPullRequestSchema, asked, signal);
  return {
    texts: { title: found.title, description: found.description ?? '' },
    reviewers: found.reviewers,
  };
}

function again({ uuid: id, nickname, display_name }: BitbucketReviewer): Reviewer {
  return { sent: { uuid: id }, name: nickname ?? display_name ?? id };
}

interface Refused {
  readonly name: string;
  readonly words: string;
}

/** One that cannot be a reviewer, such as the author or who has left, makes Bitbucket refuse all: then each is tried. */
async function save(
  { client, send }: RepositoryApi,
  { number }: Numbered,
  texts: Texts,
  reviewers: readonly Reviewer[],
  signal: AbortSignal,
): Promise<{ readonly saved: PullRequest; readonly refused: readonly Refused[] }> {
  const put = async (some: readonly Reviewer[]): Promise<PullRequest> => {
    const body = { ...texts, reviewers: some.map(({ sent }) => sent) };
    const request = send('PUT', `pullrequests/${number}`, body);
    return pullRequestOf(await client.request(pullRequestSchema, request, signal));
  };
  const accepted: Reviewer[] = [];
  const refused: Refused[] = [];
  try {
    return { saved: await put(reviewers), refused };
  } catch (error) {
    if (!(error instanceof ApiRefusal) || !isAboutReviewers(error)) throw error;
  }
  let saved: PullRequest | undefined;
  for (const each of reviewers) {
    try {
      saved = await put([...accepted, each]);
      accepted.push(each);
    } catch (error) {
      if (!(error instanceof ApiRefusal) || !isAboutReviewers(error)) throw error;
      refused.push({ name: each.name, words: error.words.replace(/\.$/, '') });
    }
  }
  return { saved: saved ?? (await put([])), refused };
}
