import { WindlassError } from '../../domain/errors';
import { isLoopbackHost } from '../../domain/network/loopback';
import { type RepositoryUrl } from '../../domain/pipeline/repository-url';
import { linkDefinitions } from '../hidden-marks';
import {
  type BranchPair,
  type ProviderConnection,
  type ProviderFeatures,
  type ProviderModule,
  type PullRequest,
  type PullRequestDraft,
  type PullRequestProvider,
} from '../port';
import { webOrigin } from '../rest/api-address';
import { ApiRefusal } from '../rest/refusal';
import { createRestClient } from '../rest/rest-client';
import { checksOn } from './checks';
import { commentOn } from './comment';
import { commitsOn } from './commits';
import { creationFailure } from './errors';
import { followOn } from './follow';
import { serverRefusals } from './git-server';
import { gitAccess } from './logins';
import { mergeOn } from './merge';
import { requiresCheckOn } from './protection';
import { isOpen, joins, pullRequestFields, pullRequestOf, whichAreOpen, whichJoin } from './pull-request';
import { type RepositoryApi, repositoryApi } from './repository-api';
import { bitbucketCloudApi } from './rest-api';
import { decorateOn, updateOn } from './reviewers';
import { pullRequestSchema, pullRequestsSchema } from './schema';

/** A title's column has 255 characters; a description has no limit of Bitbucket's, and a longer one no readers. */
const limits = { title: 255, body: 50_000 };

const features: ProviderFeatures = {
  draft: true,
  labels: 'its pull requests have no labels',
  reviewers: true,
  teamReviewers: 'it asks users only',
  assignees: 'its pull requests have no assignees',
  squash: true,
  deleteBranch: true,
  mergeQueue: 'Windlass does not use its merge queue',
};

export const bitbucketCloud: ProviderModule = {
  type: 'bitbucket-cloud',
  features,
  gitAccess,
  serverRefusals,
  apiUrlFor,
  connect,
};

/** `altssh`: ssh over port 443. */
const hosts: ReadonlySet<string> = new Set(['bitbucket.org', 'www.bitbucket.org', 'altssh.bitbucket.org']);

function apiUrlFor(repository: RepositoryUrl): string {
  if (hosts.has(repository.host)) return 'https://api.bitbucket.org/2.0';
  return `${webOrigin(repository)}/2.0`;
}

function connect(connection: ProviderConnection): PullRequestProvider {
  const { repository, apiUrl = apiUrlFor(repository) } = connection;
  if (apiUrl === apiUrlFor(repository)) requireHost(repository.host);
  const api = repositoryApi(createRestClient(bitbucketCloudApi, { ...connection, apiUrl }), repository.path);
  const findOpen = (branches: BranchPair, signal: AbortSignal) => openBetween(api, branches, signal);

  return {
    limits,
    marks: linkDefinitions,
    findOpen,
    create: async (draft, signal) => {
      // Bitbucket answers with the open one, and gives it this title. What opens one in between is Windlass with these texts.
      if ((await findOpen(draft, signal)) !== undefined) return undefined;
      return open(api, draft, signal);
    },
    close: async ({ number }, comment, signal) => {
      const get = api.get(`pullrequests/${number}`, { fields: pullRequestFields });
      if (!isOpen(await api.client.request(pullRequestSchema, get, signal))) return;
      // The comment first: after a crash in between, the next attempt still finds the pull request open.
      const said = { content: { raw: comment } };
      await api.client.send(api.send('POST', `pullrequests/${number}/comments`, said), signal);
      await api.client.send(api.send('POST', `pullrequests/${number}/decline`), signal);
    },
    update: updateOn(api),
    decorate: decorateOn(api),
    ...followOn(api),
    ...checksOn(api),
    commits: commitsOn(api),
    requiresCheck: requiresCheckOn(api),
    merge: mergeOn(api),
    comment: commentOn(api),
  };
}

async function openBetween(
  { client, list }: RepositoryApi,
  branches: BranchPair,
  signal: AbortSignal,
): Promise<PullRequest | undefined> {
  const query = { q: `${whichJoin(branches)} AND ${whichAreOpen}`, fields: pullRequestFields };
  const listed = await client.request(pullRequestsSchema, list('pullrequests', query), signal);
  const found = listed.find((each) => isOpen(each) && joins(each, branches));
  return found === undefined ? undefined : pullRequestOf(found);
}

async function open(
  { client, send }: RepositoryApi,
  { head, base, title, body, draft }: PullRequestDraft,
  signal: AbortSignal,
): Promise<PullRequest> {
  const wanted = {
    ...{ title, description: body },
    ...{ source: { branch: { name: head } }, destination: { branch: { name: base } } },
    ...(draft === undefined ? {} : { draft }),
  };
  try {
    const created = await client.request(pullRequestSchema, send('POST', 'pullrequests', wanted), signal);
    return pullRequestOf(created);
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    throw creationFailure(error, { head, base }, client.target);
  }
}

/** A repository of Bitbucket Data Center would be answered for with its own pages. */
function requireHost(host: string): void {
  if (hosts.has(host) || isLoopbackHost(host)) return;
  throw new WindlassError(
    'invalid-pipeline',
    `pull-request.url is on ${host}, and Bitbucket Cloud is bitbucket.org: set pull-request.type to bitbucket-server for Bitbucket Data Center.`,
  );
}
