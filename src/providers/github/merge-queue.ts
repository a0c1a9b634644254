/** Merge queues: https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue */
import { z } from 'zod';
import { WindlassError } from '../../domain/errors';
import { type MergeOutcome, type PullRequestProvider } from '../port';
import { unlessRefused } from '../rest/unless-refused';
import { checksOn } from './checks';
import { graphql, type GraphqlError } from './graphql';
import { type RepositoryApi } from './repository-api';
import { refsSchema } from './schema';

/** Of a pull request, whatever the state of its gates. */
interface QueuePlace {
  /** The pull request's global id, for GraphQL. */
  readonly id: string;
  readonly isInMergeQueue: boolean;
}

export interface QueuedPullRequest {
  readonly number: number;
  readonly base: string;
  /** The only commit at which it may be in the queue. */
  readonly head: string;
}

/** As `tellGates` says it on the pull request. */
const gatesAreOpen = 'The gates are open.';

const placeQuery = `query WindlassQueuePlace($owner: String!, $repo: String!, $number: Int!) {
  repository(owner: $owner, name: $repo) { pullRequest(number: $number) { id isInMergeQueue } }
}`;
const enqueueMutation = `mutation WindlassEnqueue($id: ID!, $head: GitObjectID!) {
  enqueuePullRequest(input: { pullRequestId: $id, expectedHeadOid: $head }) { mergeQueueEntry { id } }
}`;
const dequeueMutation = `mutation WindlassDequeue($id: ID!) {
  dequeuePullRequest(input: { id: $id }) { mergeQueueEntry { id } }
}`;

const placeSchema = z.object({
  repository: z
    .object({ pullRequest: z.object({ id: z.string(), isInMergeQueue: z.boolean() }).nullable() })
    .nullable(),
});

/**
 * Adds a pull request to its base branch's queue, at exactly that head: GitHub removes it when the head moves. One that is in
 * it stays. Where the queue tests it, `windlass/gates` is set, too: a queue waits for every required check there again.
 */
export async function enqueue(
  api: RepositoryApi,
  queued: QueuedPullRequest,
  signal: AbortSignal,
): Promise<Extract<MergeOutcome, { merged: false }>> {
  const place = await placeOf(api, queued.number, signal);
  if (place === undefined) {
    const words = 'This GitHub does not let a merge queue be used through its API: merge it in the browser.';
    return { merged: false, because: 'not-allowed', words };
  }
  if (!place.isInMergeQueue) {
    const variables = { id: place.id, head: queued.head };
    const answer = await graphql(api.client, z.unknown(), { query: enqueueMutation, variables }, signal);
    if ('error' in answer) return notQueued(answer.error);
  }
  await showGatesInQueue(api, queued, signal);
  return { merged: false, because: 'queued', words: `It is in the merge queue of ${queued.base}.` };
}

function notQueued({ type, words }: GraphqlError): Extract<MergeOutcome, { merged: false }> {
  if (/head (ref|sha|branch|oid)|expected.*(head|oid)/i.test(words))
    return { merged: false, because: 'head-moved', words };
  return { merged: false, because: type === 'FORBIDDEN' ? 'not-allowed' : 'not-ready', words };
}

/** What the mutation answers is not to be relied on: GitHub has refused it, and taken the pull request out all the same. */
export function leaveQueueOn(api: RepositoryApi): NonNullable<PullRequestProvider['leaveQueue']> {
  return async ({ number }, signal) => {
    const place = await placeOf(api, number, signal);
    if (place?.isInMergeQueue !== true) return;
    const dequeue = { query: dequeueMutation, variables: { id: place.id } };
    const answer = await graphql(api.client, z.unknown(), dequeue, signal);
    if (!('error' in answer)) return;
    if ((await placeOf(api, number, signal))?.isInMergeQueue !== true) return;
    const says = `${api.client.target.host} did not take the pull request ${number} out of its merge queue: ${answer.error.words}`;
    throw new WindlassError(answer.error.type === 'FORBIDDEN' ? 'forbidden' : 'provider-unavailable', says);
  };
}

/** @returns undefined where there are no queues, as on an Enterprise Server before 3.12, or no such pull request */
async function placeOf(
  { client, name }: RepositoryApi,
  number: number,
  signal: AbortSignal,
): Promise<QueuePlace | undefined> {
  const query = { query: placeQuery, variables: { ...name, number } };
  const answer = await graphql(client, placeSchema, query, signal);
  if ('data' in answer) return answer.data.repository?.pullRequest ?? undefined;
  const { type, words } = answer.error;
  if (type === 'NOT_FOUND' || type === 'undefinedField' || /doesn't exist on type/i.test(words))
    return undefined;
  const code = type === 'FORBIDDEN' ? 'forbidden' : 'request-refused';
  throw new WindlassError(
    code,
    `${client.target.host} does not say whether it is in a merge queue: ${words}`,
  );
}

/** The queue tests branches of its own, which it makes again when something before this pull request changes. */
async function showGatesInQueue(
  api: RepositoryApi,
  { number, base }: QueuedPullRequest,
  signal: AbortSignal,
): Promise<void> {
  const { route, name, client } = api;
  const which = { ...name, ref: `heads/gh-readonly-queue/${base}/pr-${number}-` };
  const list = route('GET /repos/{owner}/{repo}/git/matching-refs/{ref}', which);
  const refused = ['forbidden', 'repository-not-found'] as const;
  for (const { object } of (await unlessRefused(refused, client.request(refsSchema, list, signal))) ?? []) {
    const check = { head: object.sha, state: 'success', description: gatesAreOpen } as const;
    await unlessRefused(['forbidden'], checksOn(api).setCheck(check, signal));
  }
}
