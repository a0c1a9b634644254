import { type Express, type Request } from 'express';
import { sendPage, statusAnswer } from './answers';
import { parseInput, statusBody, statusQuery } from './input';
import { type Project, type StatusRecord, tokenUser } from './model';
import { Refusal } from './refusal';

/** The steps of CommitStatus's state machine that a client can ask for. */
const steps: Readonly<Record<string, readonly string[]>> = {
  pending: ['created'],
  running: ['pending', 'created'],
  success: ['created', 'pending', 'running'],
  failed: ['created', 'pending', 'running'],
  canceled: ['created', 'pending', 'running'],
};
const events: Readonly<Record<string, string>> = {
  ...{ pending: 'enqueue', running: 'run', success: 'success', failed: 'drop', canceled: 'cancel' },
};

/** https://docs.gitlab.com/api/commits/#commit-status */
export function serveStatuses(app: Express, projectOf: (request: Request) => Project): void {
  const commitOf = (request: Request): string => {
    const commit = String(request.params['sha']);
    if (!projectOf(request).hasCommit(commit)) throw new Refusal(404, { message: '404 Commit Not Found' });
    return commit;
  };
  app.get('/api/v4/projects/:project/repository/commits/:sha/statuses', (request, response) => {
    const project = projectOf(request);
    const query = parseInput(statusQuery, request.query);
    sendPage({ request, response }, project.latestStatuses(commitOf(request)).map(statusAnswer), query);
  });
  app.post('/api/v4/projects/:project/statuses/:sha', (request, response) => {
    const project = projectOf(request);
    const sha = commitOf(request);
    const input = parseInput(statusBody, request.body);
    for (const field of ['description', 'target_url'] as const) {
      if ((input[field]?.length ?? 0) > 255) {
        throw new Refusal(400, { message: { [field]: ['is too long (maximum is 255 characters)'] } });
      }
    }
    const unfinished = project
      .latestStatuses(sha)
      .find(
        (each) =>
          each.name === input.name &&
          each.author === tokenUser &&
          each.pipeline === project.newestPipeline(sha) &&
          ['pending', 'running'].includes(each.status),
      );
    response.status(201).json(statusAnswer(change(project, sha, input, unfinished)));
  });
}

function change(
  project: Project,
  sha: string,
  { name, state, description, target_url: targetUrl }: ReturnType<typeof statusBody.parse>,
  unfinished: StatusRecord | undefined,
): StatusRecord {
  const from = unfinished?.status ?? 'created';
  if (steps[state]?.includes(from) !== true) {
    const event = events[state] ?? state;
    const words = `Cannot transition status via :${event} from :${from} (Reason(s): Status cannot transition via "${event}")`;
    throw new Refusal(400, { message: words });
  }
  if (unfinished === undefined) {
    return project.addStatus({
      ...{ sha, name, status: state, description, targetUrl, author: tokenUser, allowFailure: false },
    });
  }
  // What is not given stays.
  Object.assign(unfinished, {
    status: state,
    description: description ?? unfinished.description,
    targetUrl: targetUrl ?? unfinished.targetUrl,
  });
  return unfinished;
}
