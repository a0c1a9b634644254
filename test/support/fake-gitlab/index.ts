import { createServer } from 'node:http';
import express, { type Request, type RequestHandler } from 'express';
import { commitAnswer, isDraft, mergeRequestAnswer, projectAnswer, sendPage, userAnswer } from './answers';
import { heldAgainstDescription } from './described';
import { createBody, listQuery, mergeBody, pageQuery, parseInput, requireLengths, updateBody } from './input';
import { serveMergeTrains } from './merge-trains';
import { type MergeRequestRecord, Project, tokenUser } from './model';
import { serveNotes } from './notes';
import { Refusal, answerRefusals } from './refusal';
import { serveStatuses } from './statuses';
import { decorate, serveUsers } from './users';
import { closeServer, listenOnLoopback } from '../loopback';

export interface FakeGitlab {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  project(path: string): Project;
  close(): Promise<void>;
}

/** GitLab's merge request API as published at https://docs.gitlab.com/api/merge_requests/, with its refusals. */
export async function startFakeGitlab(options: {
  readonly token: string;
  readonly projects: readonly string[];
}): Promise<FakeGitlab> {
  const projects = options.projects.map((path, index) => new Project(100 + index, path));
  // `qs`: Rails too reads `iids[]` as a list.
  const app = express().disable('x-powered-by').disable('etag').set('query parser', 'extended');
  const server = createServer(app);
  const url = `http://127.0.0.1:${await listenOnLoopback(server)}`;

  const find = (path: string): Project | undefined => projects.find((each) => each.path === path);
  const projectOf = (request: Request): Project => {
    const project = find(String(request.params['project']));
    if (project === undefined) throw new Refusal(404, { message: '404 Project Not Found' });
    return project;
  };
  const mergeRequestOf = (request: Request): MergeRequestRecord => {
    const iid = Number(request.params['iid']);
    const record = projectOf(request).mergeRequests.find((each) => each.iid === iid);
    if (record === undefined) throw new Refusal(404, { message: '404 Not found' });
    return record;
  };
  const present = (project: Project, record: MergeRequestRecord) => mergeRequestAnswer(url, project, record);

  app.use(authenticate(options.token), express.json({ limit: '3mb' }), heldAgainstDescription());
  const all = '/api/v4/projects/:project/merge_requests';
  app.get(all, (request, response) => {
    const project = projectOf(request);
    const query = parseInput(listQuery, request.query);
    const matching = select(project.mergeRequests, query);
    sendPage(
      { request, response },
      matching.map((each) => present(project, each)),
      query,
    );
    if (query.with_merge_status_recheck === true) matching.forEach(lookForConflicts);
  });
  app.post(all, (request, response) => {
    const project = projectOf(request);
    const input = parseInput(createBody, request.body);
    requireLengths(input);
    refuseUnmergeable(project, input.source_branch, input.target_branch);
    const record = project.open({
      title: input.title,
      description: input.description ?? '',
      sourceBranch: input.source_branch,
      targetBranch: input.target_branch,
      ...(input.squash === undefined ? {} : { squash: input.squash }),
      ...(input.remove_source_branch === undefined ? {} : { removeSourceBranch: input.remove_source_branch }),
    });
    response.status(201).json(present(project, record));
  });
  app.get(`${all}/:iid`, (request, response) => {
    const record = mergeRequestOf(request);
    response.json(present(projectOf(request), record));
    lookForConflicts(record);
  });
  app.get(`${all}/:iid/commits`, async (request, response) => {
    const { sourceBranch, targetBranch } = mergeRequestOf(request);
    const oldestFirst = await projectOf(request).commitsBetween(sourceBranch, targetBranch);
    const newestFirst = oldestFirst.map(commitAnswer).reverse();
    sendPage({ request, response }, newestFirst, parseInput(pageQuery, request.query));
  });
  app.put(`${all}/:iid`, (request, response) => {
    const record = mergeRequestOf(request);
    const input = parseInput(updateBody, request.body);
    requireLengths(input);
    const project = projectOf(request);
    record.title = input.title ?? record.title;
    record.description = input.description ?? record.description;
    record.removeSourceBranch = input.remove_source_branch ?? record.removeSourceBranch;
    decorate(project, record, input);
    record.updatedAt = project.now();
    if (input.state_event === 'close') project.end(record, 'closed', tokenUser);
    if (input.state_event === 'reopen') record.state = 'opened';
    response.json(present(project, record));
  });
  app.put(`${all}/:iid/merge`, (request, response) => {
    const project = projectOf(request);
    const record = mergeRequestOf(request);
    merge(project, record, parseInput(mergeBody, request.body ?? {}));
    response.json(present(project, record));
  });
  app.get('/api/v4/projects/:project', (request, response) => {
    response.json(projectAnswer(url, projectOf(request)));
  });
  serveMergeTrains(app, projectOf, mergeRequestOf);
  serveUsers(app);
  serveNotes(app, projectOf, mergeRequestOf);
  serveStatuses(app, projectOf);
  app.get('/api/v4/user', (_request, response) => {
    response.json(userAnswer(tokenUser));
  });
  app.use(() => {
    throw new Refusal(404, { error: '404 Not Found' });
  });
  app.use(answerRefusals);

  return {
    url,
    project: (path) => {
      const project = find(path);
      if (project === undefined) throw new Error(`the fake has no project ${path}`);
      return project;
    },
    close: () => closeServer(server),
  };
}

function authenticate(token: string): RequestHandler {
  return (request, _response, next) => {
    const given =
      request.get('private-token') ?? /^Bearer (.*)$/.exec(request.get('authorization') ?? '')?.[1];
    if (given !== token) throw new Refusal(401, { message: '401 Unauthorized' });
    next();
  };
}

function select(
  records: readonly MergeRequestRecord[],
  query: ReturnType<typeof listQuery.parse>,
): readonly MergeRequestRecord[] {
  const matching = records.filter(
    (each) =>
      (query.state === 'all' || each.state === query.state) &&
      [undefined, each.sourceBranch].includes(query.source_branch) &&
      [undefined, each.targetBranch].includes(query.target_branch) &&
      query.iids?.includes(each.iid) !== false &&
      (query.updated_after === undefined || each.updatedAt >= Date.parse(query.updated_after)),
  );
  const key = (each: MergeRequestRecord): number =>
    query.order_by === 'updated_at' ? each.updatedAt : each.iid;
  const ascending = [...matching].sort((left, right) => key(left) - key(right));
  return query.sort === 'asc' ? ascending : ascending.reverse();
}

/** The checks in GitLab's order, `lib/api/merge_requests.rb`. */
function merge(
  project: Project,
  record: MergeRequestRecord,
  { sha, squash, should_remove_source_branch: removeSourceBranch }: ReturnType<typeof mergeBody.parse>,
): void {
  // Since GitLab 19.1: https://gitlab.com/gitlab-org/gitlab/-/issues/601188
  if (project.hasMergeTrains)
    throw new Refusal(422, { message: 'The project has merge trains: use the merge trains API' });
  if (project.closedToMerges.has(record.targetBranch))
    throw new Refusal(401, { message: '401 Unauthorized' });
  if (record.state !== 'opened' || isDraft(record))
    throw new Refusal(405, { message: '405 Method Not Allowed' });
  lookForConflicts(record);
  if (project.onlyMergesAfterPipelines && project.pipelineState(record.sha) !== 'success')
    throw new Refusal(405, { message: '405 Method Not Allowed' });
  if (record.mergeStatus !== 'mergeable' || record.conflicts !== 'none')
    throw new Refusal(422, { message: 'Branch cannot be merged' });
  if (sha !== undefined && sha !== record.sha) {
    throw new Refusal(409, { message: `SHA does not match HEAD of source branch: ${record.sha}` });
  }
  project.merge(record, {
    ...(squash === undefined ? {} : { squash }),
    ...(removeSourceBranch === undefined ? {} : { removeSourceBranch }),
  });
}

/** GitLab does it in the background when a client shows one merge request, or asks for it: the next answer knows. */
function lookForConflicts(record: MergeRequestRecord): void {
  if (record.conflicts === 'not-looked-for') record.conflicts = 'found';
}

function refuseUnmergeable(project: Project, source: string, target: string): void {
  if (source === target) {
    throw new Refusal(422, { message: ["You can't use same project/branch for source and target"] });
  }
  for (const [field, branch] of Object.entries({ source_branch: source, target_branch: target })) {
    if (!project.branches.has(branch)) throw new Refusal(400, { message: { [field]: ['does not exist'] } });
  }
  const similar = project.similarOpen(source, target);
  if (similar !== undefined) {
    throw new Refusal(409, {
      message: [`Another open merge request already exists for this source branch: !${similar.iid}`],
    });
  }
}
