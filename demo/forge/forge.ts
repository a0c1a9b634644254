import { type AddressInfo } from 'node:net';
import { type Server, createServer } from 'node:http';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { apiRouter, graphqlRouter } from './api';
import { type AcceptToken, authorize, equal } from './authorization';
import { type Signature } from './bare-repository';
import { type Fault, FaultPlan, type RecordedRequest, type RequestKind, isOwnHost } from './faults';
import { parseGitRequest, serveGit } from './git-http';
import { GithubApp, type GithubAppOptions } from './github-app';
import { type HostedRepository } from './hosted-repository';
import { groupBranch, groupObstacle, queueUser } from './merge-queue';
import { pagesRouter, pagesUser } from './pages';
import { type PullRequestRecord } from './pull-request-record';
import { Refusal } from './refusal';
import { type Listener, type PullRequestNotice, type PushNotice, Repositories } from './repositories';

export interface ForgeOptions {
  /** The directory of the repositories; they survive a restart. */
  readonly directory: string;
  /** The token that API and Git accept. */
  readonly token: string;
  /** Its installation's tokens are accepted, too. */
  readonly app?: GithubAppOptions;
  /** The port on 127.0.0.1; default: a free one. */
  readonly port?: number;
  /** A delay for every request, to simulate a round trip. */
  readonly latencyMs?: number;
}

/** A GitHub-shaped server over real bare repositories. */
export interface Forge {
  /** `http://127.0.0.1:PORT`: pages here, Git at `/{owner}/{name}.git`, the API at `/api/v3`. */
  readonly url: string;
  readonly app: GithubApp | undefined;
  /** Every request so far, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** Creates `owner/name` with these files on `main`. */
  createRepository(fullName: string, files: Readonly<Record<string, string>>): Promise<void>;
  /**
   * Commits whole files on a branch, created from `main` if it does not exist.
   * @param author default: the forge itself
   * @returns the commit's id
   */
  commit(
    fullName: string,
    branch: string,
    files: Readonly<Record<string, string>>,
    message: string,
    author?: Signature,
  ): Promise<string>;
  /** A file's text on a branch. */
  readFile(fullName: string, branch: string, path: string): Promise<string>;
  /** The head of each branch. */
  branches(fullName: string): Promise<ReadonlyMap<string, string>>;
  /** Newest first. */
  pullRequests(fullName: string): readonly PullRequestRecord[];
  /** The changes of a pull request, as a unified diff. */
  diff(fullName: string, number: number): Promise<string>;
  /** @param by who merges it; default: the person at the pages */
  mergePullRequest(fullName: string, number: number, by?: string): Promise<void>;
  /**
   * Lets the merge queue merge a pull request that is in it.
   * @returns why it does not, in GitHub's words
   */
  runMergeQueue(fullName: string, number: number): Promise<string | undefined>;
  closePullRequest(fullName: string, number: number, by?: string): Promise<void>;
  /** A comment of a person. */
  comment(fullName: string, number: number, body: string, author?: string): Promise<void>;
  /** What others say of its commits, and when and how it may be merged. */
  repository(
    fullName: string,
  ): Pick<
    HostedRepository,
    'checks' | 'requiredChecks' | 'mergeMethods' | 'mergeQueue' | 'people' | 'decorate' | 'git'
  >;
  /**
   * Listeners run before the client gets its answer, which waits for them. Each returns a function to stop listening.
   */
  onPush(listener: Listener<PushNotice>): () => void;
  onPullRequest(listener: Listener<PullRequestNotice>): () => void;
  onMerge(listener: Listener<PullRequestNotice>): () => void;
  /** Makes the next requests of a kind fail or wait. */
  failNext(kind: RequestKind, fault: Fault): void;
  close(): Promise<void>;
}

export async function startForge(options: ForgeOptions): Promise<Forge> {
  const directory = resolve(options.directory);
  const repositories = await Repositories.open(directory);
  const requests: RecordedRequest[] = [];
  const faults = new FaultPlan();
  const app = express();
  const server = createServer(app);
  const port = await listen(server, options.port ?? 0);
  const url = `http://127.0.0.1:${port}`;

  app.disable('x-powered-by').disable('etag');
  app.use(refuseOtherHosts(port), record(requests), injectFaults(faults, options.latencyMs ?? 0));
  const githubApp = options.app === undefined ? undefined : new GithubApp(options.app);
  const accepts: AcceptToken = (token) => equal(token, options.token) || githubApp?.accepts(token) === true;
  const context = { repositories, accepts, app: githubApp, url };
  app.use('/api/v3', apiRouter(context));
  app.use('/api/graphql', graphqlRouter(context));
  app.use(gitHandler(repositories, directory, accepts));
  app.use(pagesRouter(repositories));
  app.use(answerErrors);

  return {
    url,
    app: githubApp,
    requests,
    createRepository: (fullName, files) => repositories.create(fullName, files),
    commit: async (fullName, branch, files, message, author) => {
      const repository = repositories.get(fullName);
      const commit = await repository.git.commit(branch, files, message, author);
      await repositories.branchesMoved(repository);
      return commit;
    },
    readFile: (fullName, branch, path) =>
      repositories.get(fullName).git.readFile(`refs/heads/${branch}`, path),
    branches: (fullName) => repositories.get(fullName).git.branches(),
    pullRequests: (fullName) => repositories.get(fullName).pullRequests(),
    diff: (fullName, number) => {
      const repository = repositories.get(fullName);
      const { baseSha, headSha } = repository.pullRequest(number);
      return repository.git.diff(baseSha, headSha);
    },
    mergePullRequest: async (fullName, number, by = pagesUser) => {
      await repositories.merge(repositories.get(fullName), number, by);
    },
    runMergeQueue: async (fullName, number) => {
      const repository = repositories.get(fullName);
      const record = repository.pullRequest(number);
      if (!repository.mergeQueue.has(record)) return 'It is not in the queue.';
      const obstacle = await groupObstacle(repository, record);
      if (obstacle !== undefined) return obstacle;
      repository.mergeQueue.remove(number);
      await repository.git.deleteRef(`refs/heads/${groupBranch(record)}`);
      await repositories.merge(repository, number, queueUser);
      return undefined;
    },
    closePullRequest: async (fullName, number, by = pagesUser) => {
      await repositories.get(fullName).updatePullRequest(number, { state: 'closed' }, by);
    },
    comment: async (fullName, number, body, author = pagesUser) => {
      await repositories.get(fullName).comment(number, body, author);
    },
    repository: (fullName) => repositories.get(fullName),
    onPush: (listener) => subscribe(repositories.pushed, listener),
    onPullRequest: (listener) => subscribe(repositories.opened, listener),
    onMerge: (listener) => subscribe(repositories.merged, listener),
    failNext: (kind, fault) => {
      faults.add(kind, fault);
    },
    close: () => close(server),
  };
}

function subscribe<T>(listeners: Set<Listener<T>>, listener: Listener<T>): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

async function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolvePort, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      resolvePort((server.address() as AddressInfo).port);
    });
  });
}

async function close(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => {
      done();
    });
    server.closeAllConnections();
  });
}

function refuseOtherHosts(port: number): RequestHandler {
  return (request, response, next) => {
    if (isOwnHost(request.headers, port)) next();
    else response.status(421).type('text').send('This forge answers to its loopback address only.\n');
  };
}

function kindOf(path: string): RequestKind {
  if (path.startsWith('/api/v3/') || path === '/api/graphql') return 'api';
  return parseGitRequest(path) === undefined ? 'page' : 'git';
}

function record(requests: RecordedRequest[]): RequestHandler {
  return (request, response, next) => {
    const recorded: RecordedRequest = {
      kind: kindOf(request.path),
      method: request.method,
      path: request.originalUrl,
    };
    requests.push(recorded);
    response.locals['recorded'] = recorded;
    next();
  };
}

function injectFaults(faults: FaultPlan, latencyMs: number): RequestHandler {
  return async (request, response, next) => {
    const fault = faults.take(response.locals['recorded'] as RecordedRequest);
    const waitMs = latencyMs + (fault?.delayMs ?? 0);
    if (waitMs > 0) await delay(waitMs);
    await fault?.until;
    if (fault?.answer === undefined) {
      next();
    } else if (fault.answer === 'reset') {
      request.socket.destroy();
    } else {
      response.set(fault.headers ?? {});
      throw new Refusal(fault.answer, fault.message ?? `Fault injected: ${fault.answer}`);
    }
  };
}

function gitHandler(repositories: Repositories, directory: string, accepts: AcceptToken): RequestHandler {
  return async (request, response, next) => {
    const git = parseGitRequest(request.path);
    if (git === undefined) {
      next();
      return;
    }
    if (authorize(request.headers.authorization, accepts) !== 'granted') {
      response.status(401).set('WWW-Authenticate', 'Basic realm="GitHub"');
      response.type('text').send('Invalid username or token.\n');
      return;
    }
    const repository = repositories.get(git.fullName);
    await serveGit(request, response, directory, async () => {
      if (git.push) await repositories.branchesMoved(repository);
    });
  };
}

const answerErrors: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  const refusal = error instanceof Refusal ? error : new Refusal(statusOf(error), String(error));
  const { kind } = response.locals['recorded'] as RecordedRequest;
  response.status(refusal.status);
  if (kind === 'api') response.json(refusal.body());
  else response.type('text').send(`${refusal.message}\n`);
};

/** Errors of Express's own parsers have a status. */
function statusOf(error: unknown): number {
  const status: unknown = error instanceof Error && 'status' in error ? error.status : undefined;
  return typeof status === 'number' ? status : 500;
}
