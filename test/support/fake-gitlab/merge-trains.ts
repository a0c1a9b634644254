import { type Express, type Request } from 'express';
import { isDraft, sendPage, trainCarAnswer } from './answers';
import { boardBody, pageQuery, parseInput } from './input';
import { type MergeRequestRecord, type Project } from './model';
import { Refusal } from './refusal';

/** https://docs.gitlab.com/api/merge_trains/, and https://docs.gitlab.com/api/merge_requests/ to leave one */
export function serveMergeTrains(
  app: Express,
  projectOf: (request: Request) => Project,
  mergeRequestOf: (request: Request) => MergeRequestRecord,
): void {
  const car = '/api/v4/projects/:project/merge_trains/merge_requests/:iid';
  const projectWithTrains = (request: Request): Project => {
    const project = projectOf(request);
    if (!project.isPremium) throw new Refusal(403, { message: '403 Forbidden' });
    return project;
  };
  app.get(car, (request, response) => {
    const project = projectWithTrains(request);
    const record = mergeRequestOf(request);
    if (record.train === undefined)
      throw new Refusal(404, { message: '404 Merge Train Merge Request Not Found' });
    response.json(trainCarAnswer(project, record));
  });
  app.post(car, (request, response) => {
    const project = projectWithTrains(request);
    const record = mergeRequestOf(request);
    const { sha, squash } = parseInput(boardBody, request.body ?? {});
    if (sha !== undefined && sha !== record.sha)
      throw new Refusal(409, { message: `SHA does not match HEAD of source branch: ${record.sha}` });
    if (project.closedToMerges.has(record.targetBranch))
      throw new Refusal(401, { message: '401 Unauthorized' });
    if (record.train !== undefined)
      throw new Refusal(400, { message: '400 Bad request - Merge request is already set to Auto-Merge' });
    if (
      !project.hasMergeTrains ||
      record.state !== 'opened' ||
      isDraft(record) ||
      record.conflicts !== 'none'
    )
      throw new Refusal(400, { message: '400 Bad request - Failed to merge' });
    if (squash !== undefined) record.squash = squash;
    // While GitLab looks for conflicts, it takes the request and does nothing.
    if (record.mergeStatus !== 'checking') record.train = 'fresh';
    const all = project.mergeRequests.filter(({ train }) => train !== undefined);
    response.status(201);
    sendPage(
      { request, response },
      all.map((each) => trainCarAnswer(project, each)),
      parseInput(pageQuery, request.query),
    );
  });
  app.post(
    '/api/v4/projects/:project/merge_requests/:iid/cancel_merge_when_pipeline_succeeds',
    (request, response) => {
      const project = projectOf(request);
      const record = mergeRequestOf(request);
      if (project.closedToMerges.has(record.targetBranch))
        throw new Refusal(401, { message: '401 Unauthorized' });
      const isQueued = record.train !== undefined && record.train !== 'merged';
      if (isQueued) delete record.train;
      // The service's result, with 201 also where it is an error.
      response
        .status(201)
        .json(
          isQueued
            ? { status: 'success' }
            : { status: 'error', message: "Can't cancel the automatic merge", http_status: 406 },
        );
    },
  );
}
