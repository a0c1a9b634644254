import {
  type ProviderConnection,
  type ProviderFeatures,
  type ProviderModule,
  type PullRequestProvider,
} from '../port';
import { ApiRefusal } from '../rest/refusal';
import { createRestClient } from '../rest/rest-client';
import { apiUrlFor, azureRepositoryAt, gitUrlFor, otherHosts } from './address';
import { checksOn } from './checks';
import { commentOn, newThread } from './comment';
import { commitsOn } from './commits';
import { decorateOn } from './decorate';
import { entraExchange } from './entra-tokens';
import { creationFailure, isDuplicate } from './errors';
import { followOn, searchFor } from './follow';
import { serverRefusals } from './git-server';
import { mergeOn } from './merge';
import { requiresCheckOn } from './protection';
import { joins, pullRequestOf, readPullRequest, refOf, wholePullRequest } from './pull-request';
import { repositoryApi } from './repository-api';
import { azureApi, isEntraToken } from './rest-api';
import { pullRequestSchema, pullRequestsSchema } from './schema';

/** https://github.com/dependabot/dependabot-core/issues/2747 quotes the limit of a description; that of a title is an assumption. */
const limits = { title: 400, body: 4_000 };

const features: ProviderFeatures = {
  draft: true,
  labels: true,
  reviewers: true,
  teamReviewers: true,
  assignees: 'pull requests have no assignees',
  squash: true,
  deleteBranch: true,
  mergeQueue: 'none; auto-complete is not used',
};

export const azureDevops: ProviderModule = {
  type: 'azure-devops',
  features,
  // Any user name goes with a personal access token.
  gitAccess: ({ token }) =>
    isEntraToken(token) ? { bearerToken: token } : { basic: { username: 'pat', password: token } },
  tokenExchange: entraExchange,
  serverRefusals,
  gitUrlFor,
  otherHosts,
  apiUrlFor,
  connect,
};

function connect(connection: ProviderConnection): PullRequestProvider {
  const { repository, apiUrl = apiUrlFor(repository) } = connection;
  const client = createRestClient(azureApi, { ...connection, apiUrl });
  const api = repositoryApi(client, azureRepositoryAt(repository, client.baseUrl));
  const { git } = api;

  return {
    limits,
    findOpen: async (branches, signal) => {
      const list = git('GET', 'pullrequests', searchFor(branches, 'active'));
      const listed = await client.request(pullRequestsSchema, list, signal);
      const found = listed.find((each) => joins(each, branches));
      return found === undefined ? undefined : pullRequestOf(api, await wholePullRequest(api, found, signal));
    },
    create: async ({ head, base, title, body, draft }, signal) => {
      const branches = { sourceRefName: refOf(head), targetRefName: refOf(base) };
      const wanted = { ...branches, title, description: body, ...(draft === true ? { isDraft: true } : {}) };
      try {
        const request = git('POST', 'pullrequests', {}, wanted);
        return pullRequestOf(api, await client.request(pullRequestSchema, request, signal));
      } catch (error) {
        if (!(error instanceof ApiRefusal)) throw error;
        if (isDuplicate(error)) return undefined;
        throw await creationFailure(api, error, { head, base }, signal);
      }
    },
    update: async ({ number }, { title, body }, signal) => {
      const request = git('PATCH', `pullrequests/${number}`, {}, { title, description: body });
      return pullRequestOf(api, await client.request(pullRequestSchema, request, signal));
    },
    close: async ({ number }, comment, signal) => {
      if ((await readPullRequest(api, number, signal)).status !== 'active') return;
      // The comment first: after a crash in between, the next attempt still finds the pull request open.
      await client.send(newThread(api, number, comment), signal);
      await client.send(git('PATCH', `pullrequests/${number}`, {}, { status: 'abandoned' }), signal);
    },
    ...followOn(api),
    ...checksOn(api),
    commits: commitsOn(api),
    requiresCheck: requiresCheckOn(api),
    merge: mergeOn(api),
    decorate: decorateOn(api),
    comment: commentOn(api),
  };
}
