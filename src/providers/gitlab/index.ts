import { WindlassError } from '../../domain/errors';
import { type RepositoryUrl } from '../../domain/pipeline/repository-url';
import { type CallContext, parseAnswer } from '../answers';
import { parseApiUrl, webOrigin } from '../api-address';
import {
  type BranchPair,
  type ProviderConnection,
  type ProviderModule,
  type PullRequest,
  type PullRequestProvider,
} from '../port';
import { gitlabClient } from './client';
import { creationFailure, isDuplicate } from './errors';
import { type GitlabMergeRequest, mergeRequestSchema, mergeRequestsSchema } from './schema';

/** https://docs.gitlab.com/api/merge_requests/#create-mr; the title's is a column of 255 characters. */
const limits = { title: 255, body: 1_048_576 };

export const gitlab: ProviderModule = { type: 'gitlab', gitUsername: 'oauth2', apiUrlFor, connect };

/** gitlab.com has another name for ssh over port 443. */
function apiUrlFor(repository: RepositoryUrl): string {
  const origin = repository.host === 'altssh.gitlab.com' ? 'https://gitlab.com' : webOrigin(repository);
  return `${origin}/api/v4`;
}

function connect({ repository, apiUrl, token, outbound }: ProviderConnection): PullRequestProvider {
  const address = parseApiUrl(apiUrl ?? apiUrlFor(repository));
  const project = repository.path;
  if (!project.includes('/')) {
    throw new WindlassError(
      'invalid-pipeline',
      `pull-request.url is not that of a GitLab project: ${project}.`,
    );
  }
  const context: CallContext = { host: address.host, repository: project };
  const host = address.origin + address.pathname.replace(/\/(api\/v4)?$/, '');
  const client = gitlabClient({ host, token, outbound }, context);
  const toPullRequest = (data: unknown): PullRequest =>
    pullRequestOf(parseAnswer(mergeRequestSchema, data, context));

  return {
    limits,
    findOpen: async ({ head, base }, signal) => {
      const data = await client.ask(signal, ({ mergeRequests }) =>
        mergeRequests.all({
          projectId: project,
          state: 'opened',
          scope: 'all',
          sourceBranch: head,
          targetBranch: base,
        }),
      );
      const listed = parseAnswer(mergeRequestsSchema, data, context);
      const found = listed.find((each) => joins(each, { head, base }));
      return found === undefined ? undefined : pullRequestOf(found);
    },
    create: async ({ head, base, title, body }, signal) => {
      const answer = await client.tell(signal, ({ mergeRequests }) =>
        mergeRequests.create(project, head, base, title, { description: body }),
      );
      if (!('refusal' in answer)) return toPullRequest(answer.data);
      if (isDuplicate(answer.refusal)) return undefined;
      throw creationFailure(answer.refusal, { head, base }, context);
    },
    update: async ({ number }, { title, body }, signal) => {
      const data = await client.ask(signal, ({ mergeRequests }) =>
        mergeRequests.edit(project, number, { title, description: body }),
      );
      return toPullRequest(data);
    },
    close: async ({ number }, comment, signal) => {
      const current = await client.ask(signal, ({ mergeRequests }) => mergeRequests.show(project, number));
      if (parseAnswer(mergeRequestSchema, current, context).state !== 'opened') return;
      // The note first: after a crash in between, the next attempt still finds the merge request open.
      await client.ask(signal, ({ notes }) => notes.create(project, number, comment));
      await client.ask(signal, ({ mergeRequests }) =>
        mergeRequests.edit(project, number, { stateEvent: 'close' }),
      );
    },
  };
}

/** Forks list their merge requests with the target's, and may use the same branch name. */
function joins(listed: GitlabMergeRequest, branches: BranchPair): boolean {
  return (
    listed.source_project_id === listed.target_project_id &&
    listed.source_branch === branches.head &&
    listed.target_branch === branches.base
  );
}

function pullRequestOf({ iid, web_url, title, description }: GitlabMergeRequest): PullRequest {
  return { number: iid, url: web_url, title, body: description ?? '' };
}
