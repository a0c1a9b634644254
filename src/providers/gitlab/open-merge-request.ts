import { type MergeManner, type PullRequestProvider } from '../port';
import { ApiRefusal } from '../rest/refusal';
import { asDraft, isDraft } from './draft-title';
import { creationFailure, isDuplicate } from './errors';
import { joins, pullRequestOf } from './merge-request';
import { type ProjectApi } from './project-api';
import { mergeRequestSchema, mergeRequestsSchema } from './schema';

export function openOn({
  client,
  project,
  request,
}: ProjectApi): Pick<PullRequestProvider, 'findOpen' | 'create' | 'update'> {
  return {
    findOpen: async ({ head, base }, signal) => {
      const filter = { state: 'opened', scope: 'all', sourceBranch: head, targetBranch: base } as const;
      const listed = await request(mergeRequestsSchema, signal, ({ mergeRequests }) =>
        mergeRequests.all({ projectId: project, ...filter }),
      );
      const found = listed.find((each) => joins(each, { head, base }));
      return found === undefined ? undefined : pullRequestOf(found);
    },
    create: async ({ head, base, title, body, draft = false, manner = {} }, signal) => {
      try {
        const created = await request(mergeRequestSchema, signal, ({ mergeRequests }) =>
          mergeRequests.create(project, head, base, draft ? asDraft(title) : title, {
            description: body,
            ...presetOf(manner),
          }),
        );
        return pullRequestOf(created);
      } catch (error) {
        if (!(error instanceof ApiRefusal)) throw error;
        if (isDuplicate(error)) return undefined;
        throw creationFailure(error, { head, base }, client.target);
      }
    },
    update: async ({ number }, { title, body }, signal) => {
      // The title alone says whether it is a draft, and people change that.
      const present = await request(mergeRequestSchema, signal, ({ mergeRequests }) =>
        mergeRequests.show(project, number),
      );
      const kept = isDraft(present.title) ? asDraft(title) : title;
      const updated = await request(mergeRequestSchema, signal, ({ mergeRequests }) =>
        mergeRequests.edit(project, number, { title: kept, description: body }),
      );
      return pullRequestOf(updated);
    },
  };
}

/** What the boxes beside the button say when a person merges it: https://docs.gitlab.com/api/merge_requests/#create-mr */
function presetOf({ squash, deleteBranch }: MergeManner) {
  return {
    ...(squash === undefined ? {} : { squash }),
    ...(deleteBranch === undefined ? {} : { removeSourceBranch: deleteBranch }),
  };
}
