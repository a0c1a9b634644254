import { createServer } from 'node:http';
import express, { type Request, type RequestHandler } from 'express';
import { createBody, listQuery, noteBody, parseInput, requireLengths, updateBody } from './input';
import { type MergeRequestRecord, Project } from './model';
import { Refusal, answerRefusals } from './refusal';
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
  const app = express().disable('x-powered-by').disable('etag');
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
  const present = (project: Project, record: MergeRequestRecord): Readonly<Record<string, unknown>> => ({
    id: project.id * 1_000 + record.iid,
    iid: record.iid,
    project_id: project.id,
    title: record.title,
    description: record.description === '' ? null : record.description,
    state: record.state,
    source_branch: record.sourceBranch,
    target_branch: record.targetBranch,
    source_project_id: record.sourceProject,
    target_project_id: project.id,
    draft: false,
    user_notes_count: record.notes.length,
    web_url: `${url}/${project.path}/-/merge_requests/${record.iid}`,
  });

  app.use(authenticate(options.token), express.json({ limit: '3mb' }));
  const all = '/api/v4/projects/:project/merge_requests';
  app.get(all, (request, response) => {
    const project = projectOf(request);
    const query = parseInput(listQuery, request.query);
    const matching = project.mergeRequests.filter(
      (each) =>
        (query.state === 'all' || each.state === query.state) &&
        [undefined, each.sourceBranch].includes(query.source_branch) &&
        [undefined, each.targetBranch].includes(query.target_branch),
    );
    response.json(matching.reverse().map((each) => present(project, each)));
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
    });
    response.status(201).json(present(project, record));
  });
  app.get(`${all}/:iid`, (request, response) => {
    response.json(present(projectOf(request), mergeRequestOf(request)));
  });
  app.put(`${all}/:iid`, (request, response) => {
    const record = mergeRequestOf(request);
    const input = parseInput(updateBody, request.body);
    requireLengths(input);
    record.title = input.title ?? record.title;
    record.description = input.description ?? record.description;
    if (input.state_event !== undefined) record.state = input.state_event === 'close' ? 'closed' : 'opened';
    response.json(present(projectOf(request), record));
  });
  app.post(`${all}/:iid/notes`, (request, response) => {
    const record = mergeRequestOf(request);
    const { body } = parseInput(noteBody, request.body);
    record.notes.push(body);
    response.status(201).json({ id: record.notes.length, body, noteable_iid: record.iid });
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
