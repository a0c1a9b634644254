import { WindlassError } from '../../domain/errors';
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
import { ownApiHost } from './api-host';
import { appTokenExchange } from './app';
import { checksOn } from './checks';
import { commentOn } from './comment';
import { commitsOn } from './commits';
import { decorateOn } from './decorate';
import { creationFailure, isDuplicate } from './errors';
import { followOn } from './follow';
import { serverRefusals } from './git-server';
import { mergeOn } from './merge';
import { leaveQueueOn } from './merge-queue';
import { requiresCheckOn } from './protection';
import { joins, pullRequestOf } from './pull-request';
import { repositoryApi } from './repository-api';
import { githubApi } from './rest-api';
import { pullRequestSchema, pullRequestsSchema } from './schema';

/** GitHub refuses longer ones with 422. */
const limits = { title: 256, body: 65_536 };

const features: ProviderFeatures = {
  draft: true,
  labels: true,
  reviewers: true,
  teamReviewers: true,
  assignees: true,
  squash: true,
  deleteBranch: true,
  mergeQueue: true,
};

export const github: ProviderModule = {
  type: 'github',
  features,
  gitAccess: ({ token }) => ({ basic: { username: 'x-access-token', password: token } }),
  tokenExchange: appTokenExchange,
  serverRefusals,
  apiUrlFor,
  connect,
};

function apiUrlFor(repository: RepositoryUrl): string {
  const own = ownApiHost(repository.host);
  return own === undefined ? `${webOrigin(repository)}/api/v3` : `https://${own}`;
}

function connect(connection: ProviderConnection): PullRequestProvider {
  const { repository, apiUrl = apiUrlFor(repository) } = connection;
  const name = splitPath(repository.path);
  const api = createRestClient(githubApi, { ...connection, apiUrl });
  const ofRepository = repositoryApi(api, name);
  const { route } = ofRepository;

  return {
    limits,
    findOpen: async ({ head, base }, signal) => {
      const filter = { state: 'open', head: `${name.owner}:${head}`, base } as const;
      const list = route('GET /repos/{owner}/{repo}/pulls', { ...name, ...filter });
      const listed = await api.request(pullRequestsSchema, list, signal);
      const found = listed.find((each) => joins(each, { head, base }));
      return found === undefined ? undefined : pullRequestOf(found);
    },
    create: async ({ head, base, title, body, draft }, signal) => {
      const asked = { ...name, head, base, title, body, ...(draft === true ? { draft } : {}) };
      const create = route('POST /repos/{owner}/{repo}/pulls', asked);
      try {
        return pullRequestOf(await api.request(pullRequestSchema, create, signal));
      } catch (error) {
        if (!(error instanceof ApiRefusal)) throw error;
        if (isDuplicate(error)) return undefined;
        throw creationFailure(error, { head, base }, api.target);
      }
    },
    update: async ({ number }, { title, body }, signal) => {
      const texts = { pull_number: number, title, body };
      const update = route('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', { ...name, ...texts });
      return pullRequestOf(await api.request(pullRequestSchema, update, signal));
    },
    close: async ({ number }, comment, signal) => {
      const which = { ...name, pull_number: number };
      const get = route('GET /repos/{owner}/{repo}/pulls/{pull_number}', which);
      if ((await api.request(pullRequestSchema, get, signal)).state !== 'open') return;
      // The comment first: after a crash in between, the next attempt still finds the pull request open.
      const said = { ...name, issue_number: number, body: comment };
      await api.send(route('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', said), signal);
      const closed = { ...which, state: 'closed' } as const;
      await api.send(route('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', closed), signal);
    },
    decorate: decorateOn(ofRepository),
    ...followOn(ofRepository),
    ...checksOn(ofRepository),
    commits: commitsOn(ofRepository),
    requiresCheck: requiresCheckOn(ofRepository),
    merge: mergeOn(ofRepository),
    leaveQueue: leaveQueueOn(ofRepository),
    comment: commentOn(ofRepository, limits.body),
  };
}

/** The API knows repositories by exactly two names; anything else would address another of its endpoints. */
function splitPath(path: string): { readonly owner: string; readonly repo: string } {
  const [owner = '', repo = '', ...rest] = path.split('/');
  if (![owner, repo].every((part) => /^[\w.-]+$/.test(part) && !/^\.+$/.test(part)) || rest.length > 0) {
    throw new WindlassError(
      'invalid-pipeline',
      `pull-request.url is not that of a GitHub repository: ${path}.`,
    );
  }
  return { owner, repo };
}
