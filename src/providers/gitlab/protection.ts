import { type PullRequestProvider } from '../port';
import { unlessRefused } from '../rest/unless-refused';
import { type ProjectApi } from './project-api';
import { projectSchema } from './schema';

/**
 * GitLab requires no check by its name: where a project requires that pipelines succeed, the status `windlass/gates`, which
 * is part of a commit's newest pipeline, keeps that from succeeding while it is pending. This holds for all branches.
 * Pipelines for merged results run on another commit, where it is not.
 */
export function requiresCheckOn({ request, project }: ProjectApi): PullRequestProvider['requiresCheck'] {
  return async (_base, signal) => {
    const found = await unlessRefused(
      ['forbidden', 'repository-not-found'],
      request(projectSchema, signal, ({ projects }) => projects.show(project)),
    );
    const required = found?.only_allow_merge_if_pipeline_succeeds ?? undefined;
    return required === true && found?.merge_pipelines_enabled === true ? undefined : required;
  };
}
