import { createServer } from 'node:http';
import express, { type Request, type RequestHandler } from 'express';
import { closeServer, listenOnLoopback } from '../loopback';
import { restrictionAnswer, sendOne, sendPage, statusAnswer, userAnswer } from './answers';
import { parseBody, parseQuery, statusBody } from './input';
import { Repository, tokenUser, type User } from './model';
import { serveMerges } from './merges';
import { serveComments, servePullRequests } from './pull-requests';
import { answerRefusals, Refusal } from './refusal';

export interface FakeBitbucketCloud {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  repository(fullName: string): Repository;
  close(): Promise<void>;
}

export interface FakeOptions {
  readonly token: string;
  /** The address of the account whose API token it is; absent: an access token. */
  readonly email?: string;
  readonly repositories: readonly string[];
  readonly members?: readonly User[];
}

/** Bitbucket Cloud's API 2.0 as published at https://developer.atlassian.com/cloud/bitbucket/rest/, with its refusals. */
export async function startFakeBitbucketCloud(options: FakeOptions): Promise<FakeBitbucketCloud> {
  const { members = [] } = options;
  const repositories = options.repositories.map((fullName) => new Repository(fullName));
  const app = express().disable('x-powered-by').disable('etag').set('query parser', 'simple');
  const server = createServer(app);
  const url = `http://127.0.0.1:${await listenOnLoopback(server)}`;

  const find = (fullName: string) => repositories.find((each) => each.fullName === fullName);
  const repositoryOf = ({ params }: Request): Repository => {
    const found = find(`${String(params['workspace'])}/${String(params['slug'])}`);
    if (found !== undefined) return found;
    throw new Refusal(
      404,
      'You may not have access to this repository or it no longer exists in this workspace. If you think this repository exists and you have access, make sure you are authenticated.',
    );
  };
  const pullRequestOf = (request: Request) => {
    const id = Number(request.params['id']);
    const found = repositoryOf(request).pullRequests.find((each) => each.id === id);
    if (found === undefined) throw new Refusal(404, 'Pull request not found.');
    return found;
  };

  app.use(authenticate(options), express.json({ limit: '3mb' }));
  const served = { app, members, repositoryOf, pullRequestOf };
  serveMerges(served);
  servePullRequests(served);
  serveComments(served);
  const root = '/2.0/repositories/:workspace/:slug';
  app.get(`${root}/refs/branches`, (request, response) => {
    parseQuery(request);
    const branches = [...repositoryOf(request).branches].map(([name, hash]) => ({
      ...{ type: 'branch', name, target: { type: 'commit', hash } },
    }));
    sendPage(request, response, branches, { filters: ['name'] });
  });
  const commitOf = (request: Request): string => {
    const id = repositoryOf(request).commit(String(request.params['commit']));
    if (id === undefined) throw new Refusal(404, 'Commit not found');
    return id;
  };
  app.get(`${root}/commit/:commit`, (request, response) => {
    sendOne(request, response, { type: 'commit', hash: commitOf(request) });
  });
  app.get(`${root}/commit/:commit/statuses`, (request, response) => {
    parseQuery(request);
    const commit = commitOf(request);
    const statuses = repositoryOf(request).statuses.filter((each) => each.commit === commit);
    sendPage(request, response, statuses.map(statusAnswer));
  });
  app.post(`${root}/commit/:commit/statuses/build`, (request, response) => {
    const input = parseBody(statusBody, request);
    const { key, state, description = '', name = key, url: target } = input;
    const status = { commit: commitOf(request), key, state, name, description, url: target };
    repositoryOf(request).setStatus(status);
    sendOne(request, response, statusAnswer(status), 201);
  });
  app.get(`${root}/branch-restrictions`, (request, response) => {
    parseQuery(request);
    sendPage(request, response, repositoryOf(request).restrictions.map(restrictionAnswer));
  });
  app.get('/2.0/workspaces/:workspace/members', (request, response) => {
    parseQuery(request);
    const answers = members.map((user) => ({ type: 'workspace_membership', user: userAnswer(user) }));
    sendPage(request, response, answers, { filters: ['user.nickname', 'user.uuid', 'user.account_id'] });
  });
  app.get('/2.0/user', (request, response) => {
    if (options.email === undefined) throw new Refusal(401, notForThisToken);
    sendOne(request, response, userAnswer(tokenUser));
  });
  app.use(() => {
    throw new Refusal(404, 'Resource not found');
  });
  app.use(answerRefusals);

  return {
    url,
    repository: (fullName) => {
      const found = find(fullName);
      if (found === undefined) throw new Error(`the fake has no repository ${fullName}`);
      return found;
    },
    close: () => closeServer(server),
  };
}

/** Also what an access token gets that asks who it is. */
const notForThisToken = 'Token is invalid, expired, or not supported for this endpoint.';

/** An access token is a bearer, a user's API token the password of its address. */
function authenticate({ token, email }: FakeOptions): RequestHandler {
  const basic = `Basic ${Buffer.from(`${email ?? ''}:${token}`).toString('base64')}`;
  const expected = email === undefined ? `Bearer ${token}` : basic;
  return (request, _response, next) => {
    if (request.get('authorization') !== expected) throw new Refusal(401, notForThisToken);
    next();
  };
}
