import { WindlassError } from '../../domain/errors';
import { type RepositoryUrl } from '../../domain/pipeline/repository-url';
import {
  type ProviderConnection,
  type ProviderFeatures,
  type ProviderModule,
  type PullRequestProvider,
} from '../port';
import { parseApiUrl, webOrigin } from '../rest/api-address';
import { createRestClient } from '../rest/rest-client';
import { checksOn } from './checks';
import { commentOn } from './comment';
import { commitsOn } from './commits';
import { decorateOn, noTeams } from './decorate';
import { draftRoom } from './draft-title';
import { followOn } from './follow';
import { serverRefusals } from './git-server';
import { gitbeakerOver } from './gitbeaker';
import { mergeOn } from './merge';
import { leaveTrainOn } from './merge-train';
import { openOn } from './open-merge-request';
import { projectApi } from './project-api';
import { requiresCheckOn } from './protection';
import { gitlabApi } from './rest-api';
import { mergeRequestSchema } from './schema';

/** https://docs.gitlab.com/api/merge_requests/#create-mr; the title's is a column of 255 characters. */
const limits = { title: 255 - draftRoom, body: 1_048_576 };

const features: ProviderFeatures = {
  draft: true,
  labels: true,
  reviewers: true,
  teamReviewers: noTeams,
  assignees: true,
  squash: true,
  deleteBranch: true,
  mergeQueue: true,
};

export const gitlab: ProviderModule = {
  type: 'gitlab',
  features,
  gitAccess: ({ token }) => ({ basic: { username: 'oauth2', password: token } }),
  serverRefusals,
  gitUrlFor,
  apiUrlFor,
  connect,
};

/** GitLab answers Git with a redirect where the URL lacks `.git`; Git follows none, since it would send the credentials on. */
function gitUrlFor(repository: RepositoryUrl): RepositoryUrl {
  if (repository.protocol === 'ssh') return repository;
  return { ...repository, href: repository.href.replace(/\/*$/, '').replace(/(\.git)?$/, '.git') };
}

/** gitlab.com has another name for ssh over port 443. */
function apiUrlFor(repository: RepositoryUrl): string {
  const origin = repository.host === 'altssh.gitlab.com' ? 'https://gitlab.com' : webOrigin(repository);
  return `${origin}/api/v4`;
}

function connect(connection: ProviderConnection): PullRequestProvider {
  const { repository, apiUrl = apiUrlFor(repository) } = connection;
  const project = projectOf(repository, apiUrl);
  const api = createRestClient(gitlabApi, {
    ...connection,
    repository: { ...repository, path: project },
    apiUrl,
  });
  const ofProject = projectApi(api, project);
  const { request } = ofProject;

  return {
    limits,
    ...openOn(ofProject),
    close: async ({ number }, comment, signal) => {
      const { state } = await request(mergeRequestSchema, signal, ({ mergeRequests }) =>
        mergeRequests.show(project, number),
      );
      if (state !== 'opened') return;
      const { mergeRequests, notes } = gitbeakerOver(api, signal);
      // The note first: after a crash in between, the next attempt still finds the merge request open.
      await notes.create(project, number, comment);
      await mergeRequests.edit(project, number, { stateEvent: 'close' });
    },
    decorate: decorateOn(ofProject),
    ...followOn(ofProject),
    ...checksOn(ofProject),
    commits: commitsOn(ofProject),
    requiresCheck: requiresCheckOn(ofProject),
    merge: mergeOn(ofProject),
    leaveQueue: leaveTrainOn(ofProject),
    comment: commentOn(ofProject),
  };
}

/**
 * The project's path, without the one below which GitLab itself is (`relative_url_root`): ssh knows nothing of that. A
 * path without a group would address another of the API's endpoints.
 */
function projectOf({ protocol, path: whole }: RepositoryUrl, apiUrl: string): string {
  const root = parseApiUrl(apiUrl, gitlabApi.basePath).pathname.slice(1, -gitlabApi.basePath.length);
  const below = protocol !== 'ssh' && root !== '' && whole.startsWith(`${root}/`);
  const path = below ? whole.slice(root.length + 1) : whole;
  if (path.includes('/')) return path;
  throw new WindlassError('invalid-pipeline', `pull-request.url is not that of a GitLab project: ${path}.`);
}
