import { linkDefinitions } from '../hidden-marks';
import {
  type ProviderConnection,
  type ProviderFeatures,
  type ProviderModule,
  type PullRequestProvider,
} from '../port';
import { ApiRefusal } from '../rest/refusal';
import { createRestClient } from '../rest/rest-client';
import { checksOn } from './checks';
import { commentOn } from './comment';
import { commitsOn } from './commits';
import { decorateOn, noAssignees, noLabels } from './decorate';
import { creationFailure, isRefusedFor, refusedReviewers } from './errors';
import { followOn } from './follow';
import { serverRefusals } from './git-server';
import { mergeOn } from './merge';
import { requiresCheckOn } from './protection';
import { atItsVersion, branchHead, branchRef, joins, outOf, pullRequestOf } from './pull-request';
import { apiUrlFor, bitbucketNameOf, gitUrlFor } from './repository';
import { repositoryApi } from './repository-api';
import { bitbucketServerApi } from './rest-api';
import { type BitbucketPullRequest, pullRequestSchema, pullRequestsSchema } from './schema';

/** A title is a column of 255 characters; descriptions and comments have 32,768. */
const limits = { title: 255, body: 32_768 };

const features: ProviderFeatures = {
  draft: true,
  labels: noLabels,
  reviewers: true,
  teamReviewers: true,
  assignees: noAssignees,
  squash: true,
  deleteBranch: true,
  mergeQueue: 'none; auto-merge is not used',
};

/** Bitbucket Data Center, and Bitbucket Server before it. */
export const bitbucketServer: ProviderModule = {
  type: 'bitbucket-server',
  features,
  // Tokens of projects and repositories are taken in no other way:
  // https://confluence.atlassian.com/bitbucketserver/personal-access-tokens-939515499.html
  gitAccess: ({ token }) => ({ bearerToken: token }),
  serverRefusals,
  gitUrlFor,
  apiUrlFor,
  connect,
};

function connect(connection: ProviderConnection): PullRequestProvider {
  const { repository, apiUrl = apiUrlFor(repository) } = connection;
  const name = bitbucketNameOf(repository);
  const client = createRestClient(bitbucketServerApi, { ...connection, apiUrl: allApis(apiUrl) });
  const api = repositoryApi(client, name);
  const { route } = api;
  const here = { slug: name.slug, project: { key: name.project } };

  return {
    limits,
    marks: linkDefinitions,
    findOpen: async ({ head, base }, signal) => {
      const list = outOf(api, head, { state: 'OPEN', limit: '100' });
      const listed = await client.request(pullRequestsSchema, list, signal);
      const found = listed.find((each) => joins(each, { head, base }, name));
      return found === undefined ? undefined : pullRequestOf(found);
    },
    create: async ({ head, base, title, body: description, draft }, signal) => {
      const refs = {
        fromRef: { id: branchRef(head), repository: here },
        toRef: { id: branchRef(base), repository: here },
      };
      const body = { title, description, ...(draft === true ? { draft } : {}), ...refs };
      try {
        const created = await client.request(
          pullRequestSchema,
          route('POST', 'pull-requests', { body }),
          signal,
        );
        return pullRequestOf(created);
      } catch (error) {
        if (!(error instanceof ApiRefusal)) throw error;
        if (isRefusedFor(error, 'DuplicatePullRequestException')) return undefined;
        const headOf = (branch: string) => branchHead(api, branch, signal);
        throw await creationFailure(error, { head, base }, client.target, headOf);
      }
    },
    update: ({ number }, { title, body: description }, signal) =>
      atItsVersion(api, number, signal, async (present) => {
        const put = async (reviewers: BitbucketPullRequest['reviewers']) => {
          // Reviewers that are left out are removed.
          const body = { version: present.version, title, description, reviewers };
          const update = route('PUT', `pull-requests/${number}`, { body });
          return pullRequestOf(await client.request(pullRequestSchema, update, signal));
        };
        try {
          return await put(present.reviewers);
        } catch (error) {
          // A user who left since then would keep the texts from ever being changed.
          const refused = refusedReviewers(error).map(({ context }) => context.toLowerCase());
          const others = present.reviewers.filter(({ user }) => !refused.includes(user.name.toLowerCase()));
          if (others.length === present.reviewers.length) throw error;
          return await put(others);
        }
      }),
    close: async ({ number }, comment, signal) => {
      let isSaid = false;
      await atItsVersion(api, number, signal, async ({ state, version }) => {
        if (state !== 'OPEN') return;
        // The comment first: after a crash in between, the next attempt still finds the pull request open.
        const comments = route('POST', `pull-requests/${number}/comments`, { body: { text: comment } });
        if (!isSaid) await client.send(comments, signal);
        isSaid = true;
        const query = { version: String(version) };
        await client.send(route('POST', `pull-requests/${number}/decline`, { query, body: {} }), signal);
      });
    },
    ...followOn(api),
    ...checksOn(api),
    commits: commitsOn(api),
    requiresCheck: requiresCheckOn(api),
    merge: mergeOn(api),
    decorate: decorateOn(api),
    comment: commentOn(api, limits.body),
  };
}

/** `https://HOST/rest`, also where the URL is that of one of the APIs below it, as of `https://HOST/rest/api/1.0`. */
function allApis(apiUrl: string): string {
  return apiUrl.replace(/(\/rest)\/(api|[a-z-]+\/(latest|[\d.]+)).*$/, '$1');
}
