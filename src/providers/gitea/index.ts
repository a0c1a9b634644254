import { type RepositoryUrl } from '../../domain/pipeline/repository-url';
import {
  type ProviderConnection,
  type ProviderFeatures,
  type ProviderModule,
  type PullRequestProvider,
} from '../port';
import { webOrigin } from '../rest/api-address';
import { ApiRefusal } from '../rest/refusal';
import { createRestClient } from '../rest/rest-client';
import { checksOn } from './checks';
import { commentOn } from './comment';
import { commitsOn } from './commits';
import { conflictsAmong } from './conflicts';
import { decorateOn } from './decorate';
import { draftPrefix, draftPrefixLength } from './draft-title';
import { followOn } from './follow';
import { serverRefusals } from './git-server';
import { mergeOn } from './merge';
import { openOn } from './open';
import { splitPath } from './repository-path';
import { requiresCheckOn } from './protection';
import { pullRequestOf } from './pull-request';
import { repositoryApi } from './repository-api';
import { giteaApi } from './rest-api';
import { pullRequestSchema } from './schema';

/** Gitea cuts titles after 255 columns itself; it takes any body, and shows long ones slowly. */
const limits = { title: 255 - draftPrefixLength, body: 65_536 };

const features: ProviderFeatures = {
  draft: true,
  labels: true,
  reviewers: true,
  teamReviewers: true,
  assignees: true,
  squash: true,
  deleteBranch: true,
  mergeQueue: 'Gitea and Forgejo have none',
};

/** Gitea, and Forgejo, which has the same API. */
export const gitea: ProviderModule = {
  type: 'gitea',
  features,
  // Any name does: https://docs.gitea.com/development/api-usage#authentication
  gitAccess: ({ token, username = 'git' }) => ({ basic: { username, password: token } }),
  serverRefusals,
  apiUrlFor,
  connect,
};

/** Gitea itself can be below a path of its host (`ROOT_URL`), of which SSH knows nothing. */
function apiUrlFor(repository: RepositoryUrl): string {
  const below = repository.path.split('/').slice(0, -2);
  return [webOrigin(repository), ...below].join('/') + giteaApi.basePath;
}

function connect(connection: ProviderConnection): PullRequestProvider {
  const { owner, repository } = splitPath(connection.repository);
  const { apiUrl = apiUrlFor(connection.repository) } = connection;
  const named = { ...connection.repository, path: `${owner}/${repository}` };
  const client = createRestClient(giteaApi, { ...connection, repository: named, apiUrl });
  const api = repositoryApi(client, { owner, repository });
  const read = (number: number, signal: AbortSignal) =>
    client.request(pullRequestSchema, api.at('GET', `pulls/${number}`), signal);
  const edit = (number: number, change: object, signal: AbortSignal) =>
    client.request(pullRequestSchema, api.at('PATCH', `pulls/${number}`, change), signal);

  return {
    limits,
    ...openOn(api),
    update: async ({ number }, { title, body }, signal) => {
      const prefix = draftPrefix(await read(number, signal));
      return pullRequestOf(await edit(number, { title: prefix + title, body }, signal));
    },
    close: async ({ number }, comment, signal) => {
      if ((await read(number, signal)).state !== 'open') return;
      // The comment first: after a crash in between, the next attempt still finds the pull request open.
      await client.send(api.at('POST', `issues/${number}/comments`, { body: comment }), signal);
      try {
        await edit(number, { state: 'closed' }, signal);
      } catch (error) {
        // Merged in between.
        if (!(error instanceof ApiRefusal) || error.status !== 412) throw error;
      }
    },
    decorate: decorateOn(api),
    ...followOn(api),
    conflicting: (numbers, signal) => conflictsAmong(api, numbers, signal),
    ...checksOn(api),
    commits: commitsOn(api),
    requiresCheck: requiresCheckOn(api),
    merge: mergeOn(api),
    comment: commentOn(api),
  };
}
