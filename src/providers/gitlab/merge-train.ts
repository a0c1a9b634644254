import { WindlassError } from '../../domain/errors';
import { type PullRequestProvider } from '../port';
import { ApiRefusal } from '../rest/refusal';
import { unlessRefused } from '../rest/unless-refused';
import { type ProjectApi } from './project-api';
import { projectSchema, trainCarSchema } from './schema';

/** https://docs.gitlab.com/api/merge_trains/#retrieve-merge-train-status: the others are ends. */
const waiting: ReadonlySet<string> = new Set(['idle', 'stale', 'fresh', 'merging']);

/** Whether the project has merge trains; one that the token sees little of has none. */
export async function hasTrains({ project, request }: ProjectApi, signal: AbortSignal): Promise<boolean> {
  const found = await unlessRefused(
    ['forbidden', 'repository-not-found'],
    request(projectSchema, signal, ({ projects }) => projects.show(project)),
  );
  return found?.merge_trains_enabled === true;
}

export async function isOnTrain(
  { project, request }: ProjectApi,
  number: number,
  signal: AbortSignal,
): Promise<boolean> {
  // 403 where the project has no trains, 404 where the merge request never was on one.
  const car = await unlessRefused(
    ['forbidden', 'repository-not-found'],
    request(trainCarSchema, signal, ({ mergeTrains }) => mergeTrains.showStatus(project, number)),
  );
  return car !== undefined && waiting.has(car.status);
}

/**
 * The API of merge trains cannot remove from them. Canceling the automatic merge, which is what being on a train is, does: the
 * button "Remove from merge train" has become "Cancel auto-merge" (https://docs.gitlab.com/ci/pipelines/merge_trains/).
 */
export function leaveTrainOn(api: ProjectApi): NonNullable<PullRequestProvider['leaveQueue']> {
  const { client, project } = api;
  return async ({ number }, signal) => {
    if (!(await isOnTrain(api, number, signal))) return;
    const url = `projects/${encodeURIComponent(project)}/merge_requests/${number}/cancel_merge_when_pipeline_succeeds`;
    let refusal: ApiRefusal | undefined;
    try {
      await client.send({ method: 'POST', url }, signal);
    } catch (error) {
      if (!(error instanceof ApiRefusal) || error.retryable) throw error;
      refusal = error;
    }
    // It answers 201 also where it did nothing. A wrong token fails here, too.
    if (!(await isOnTrain(api, number, signal))) return;
    const { host, repository } = client.target;
    if (refusal !== undefined) {
      const said = `${host} answered ${refusal.status}${refusal.words === '' ? '' : ` (${refusal.words})`}`;
      throw new WindlassError(
        'forbidden',
        `${said}: this token may not take !${number} of ${repository} off its merge train.`,
      );
    }
    throw new WindlassError(
      'provider-unavailable',
      `${host} left !${number} of ${repository} on its merge train.`,
    );
  };
}
