import { createServer } from 'node:http';
import express, { type Request, type RequestHandler } from 'express';
import { closeServer, listenOnLoopback } from '../loopback';
import { noQuery, queryOf } from './input';
import { type PullRequestRecord, Repository } from './model';
import { servePullRequests } from './pull-requests';
import { servePeople } from './people';
import { answerRefusals, assumed, notFound, Refusal } from './refusal';
import { type Find, serveCommits, servePolicies, serveStatuses, serveThreads } from './routes';

export interface FakeAzureDevops {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** @param path `collection/project/_git/name` */
  repository(path: string): Repository;
  close(): Promise<void>;
}

/**
 * The API of Azure DevOps as https://learn.microsoft.com/rest/api/azure/devops/ describes it, with the refusals that people
 * have quoted in public.
 */
export async function startFakeAzureDevops(options: {
  readonly token: string;
  /** `collection/project/_git/name` */
  readonly repositories: readonly string[];
  /** People, and teams as `[project]\name`. */
  readonly identities?: readonly string[];
}): Promise<FakeAzureDevops> {
  const repositories = options.repositories.map((path) => {
    const [, project = '', , name = ''] = path.split('/');
    return new Repository(project, name);
  });
  const app = express().disable('x-powered-by').disable('etag');
  const server = createServer(app);
  const url = `http://127.0.0.1:${await listenOnLoopback(server)}`;

  const repositoryOf = (request: Request): Repository => {
    const name = String(request.params['repository']);
    const found = repositories.find(
      (each) => each.name === name && each.project === request.params['project'],
    );
    if (found === undefined) throw notFound.repository(name);
    return found;
  };
  const pullRequestOf = (request: Request): PullRequestRecord => {
    const id = Number(request.params['id']);
    const record = repositoryOf(request).pullRequests.find((each) => each.id === id);
    if (record === undefined) throw notFound.pullRequest();
    return record;
  };
  const find: Find = { repositoryOf, pullRequestOf };

  const organization = '/DefaultCollection/_apis';
  const project = '/DefaultCollection/:project/_apis';
  const root = `${project}/git/repositories/:repository`;
  app.use(authenticate(options.token), express.json({ limit: '3mb' }));
  app.get(root, (request, response) => {
    queryOf(request, noQuery);
    const { id, name } = repositoryOf(request);
    response.json({ id, name });
  });
  app.use((_request, _response, next) => {
    for (const each of repositories) each.finishMerges();
    next();
  });
  servePullRequests(app, root, find);
  serveCommits(app, root, find);
  serveStatuses(app, root, find);
  serveThreads(app, root, find);
  servePolicies(app, project, repositories);
  servePeople(app, { root, organization }, find, options.identities ?? []);
  app.use(() => {
    throw assumed(404, 'Page not found.');
  });
  app.use(answerRefusals);

  return {
    url,
    repository: (path) => {
      const found = repositories[options.repositories.indexOf(path)];
      if (found === undefined) throw new Error(`the fake has no repository ${path}`);
      return found;
    },
    close: () => closeServer(server),
  };
}

/** A personal access token is the password of any user; who is not signed in is led to a page, unless that is suppressed. */
function authenticate(token: string): RequestHandler {
  return (request, response, next) => {
    const header = request.get('authorization') ?? '';
    const basic = Buffer.from(/^Basic (.*)$/.exec(header)?.[1] ?? '', 'base64').toString();
    const password = basic.slice(basic.indexOf(':') + 1);
    if (password === token || header === `Bearer ${token}`) {
      next();
      return;
    }
    if (request.get('x-tfs-fedauthredirect') !== 'Suppress') {
      response.redirect(302, 'https://spsprodeus21.vssps.visualstudio.com/_signin');
      return;
    }
    // https://github.com/Azure/azure-cli/issues/29250
    const words = "TF400813: The user '' is not authorized to access this resource.";
    throw new Refusal(401, 'UnauthorizedRequestException', words);
  };
}
