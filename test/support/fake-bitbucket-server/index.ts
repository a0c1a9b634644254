import { createServer } from 'node:http';
import express, { type Request, type RequestHandler } from 'express';
import { pageAnswer } from './answers';
import { serveBuilds } from './builds';
import { branchesQuery, parseInput } from './input';
import { serveMerges } from './merges';
import { BitbucketRepository } from './model';
import { servePullRequests } from './pull-requests';
import { Refusal, answerRefusals } from './refusal';
import { closeServer, listenOnLoopback } from '../loopback';

export interface FakeBitbucketServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** @param path `projects/KEY/repos/NAME` */
  repository(path: string): BitbucketRepository;
  close(): Promise<void>;
}

/**
 * The REST API of Bitbucket Data Center 9 as published at https://developer.atlassian.com/server/bitbucket/rest/v906/, with the
 * words and exceptions of answers that people have recorded.
 * @param options.repositories `projects/KEY/repos/NAME`
 */
export async function startFakeBitbucketServer(options: {
  readonly token: string;
  readonly repositories: readonly string[];
}): Promise<FakeBitbucketServer> {
  const repositories = options.repositories.map((path) => {
    const [, project = '', , slug = ''] = path.split('/');
    return new BitbucketRepository(project, slug);
  });
  const app = express().disable('x-powered-by').disable('etag').set('query parser', 'simple');
  const server = createServer(app);
  const url = `http://127.0.0.1:${await listenOnLoopback(server)}`;
  const find = (project: string, slug: string): BitbucketRepository | undefined =>
    repositories.find((each) => each.project === project.toUpperCase() && each.slug === slug.toLowerCase());
  const repositoryOf = ({ params }: Request): BitbucketRepository => {
    const [project, slug] = [String(params['project']), String(params['slug'])];
    const found = find(project, slug);
    if (found !== undefined) return found;
    throw new Refusal(
      404,
      `Repository ${project}/${slug} does not exist.`,
      'repository.NoSuchRepositoryException',
    );
  };

  app.use(authenticate(options.token), refuseForged, express.json({ limit: '3mb' }));
  const root = '/rest/api/latest/projects/:project/repos/:slug';
  servePullRequests(app, root, url, repositoryOf);
  serveMerges(app, root, url, repositoryOf);
  serveBuilds(app, root, repositoryOf, repositories);
  app.get(`${root}/branches`, (request, response) => {
    const query = parseInput(branchesQuery, request.query);
    const matching = [...repositoryOf(request).branches]
      .filter(([name]) => name.toLowerCase().includes(query.filterText.toLowerCase()))
      .map(([name, latestCommit]) => ({
        id: `refs/heads/${name}`,
        displayId: name,
        latestCommit,
        type: 'BRANCH',
      }));
    response.json(pageAnswer(matching, query));
  });
  app.use((_request, response) => {
    response.status(404).json({ message: 'HTTP 404 Not Found', 'status-code': 404, 'sub-code': -1 });
  });
  app.use(answerRefusals);

  return {
    url,
    repository: (path) => {
      const [, project = '', , slug = ''] = path.split('/');
      const found = find(project, slug);
      if (found === undefined) throw new Error(`the fake has no repository ${path}`);
      return found;
    },
    close: () => closeServer(server),
  };
}

function authenticate(token: string): RequestHandler {
  return (request, _response, next) => {
    if (request.get('authorization') === `Bearer ${token}`) {
      next();
      return;
    }
    const words = 'Authentication failed. Please check your credentials and try again.';
    throw new Refusal(401, words, 'auth.IncorrectPasswordAuthenticationException');
  };
}

/** https://developer.atlassian.com/server/framework/atlassian-sdk/form-token-handling/ */
const refuseForged: RequestHandler = (request, response, next) => {
  const isSafe = request.method === 'GET' || request.is('application/json') === 'application/json';
  if (isSafe || request.get('x-atlassian-token') === 'no-check') next();
  else response.status(403).type('text/plain').send('XSRF check failed');
};
