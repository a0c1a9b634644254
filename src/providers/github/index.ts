import { WindlassError } from '../../domain/errors';
import { type RepositoryUrl } from '../../domain/pipeline/repository-url';
import { type CallContext, parseAnswer } from '../answers';
import { parseApiUrl, webOrigin } from '../api-address';
import {
  type BranchPair,
  type ProviderConnection,
  type ProviderModule,
  type PullRequest,
  type PullRequestProvider,
} from '../port';
import { githubClient } from './client';
import { creationFailure, isDuplicate } from './errors';
import { type GithubPullRequest, pullRequestSchema, pullRequestsSchema } from './schema';

/** GitHub refuses longer ones with 422. */
const limits = { title: 256, body: 65_536 };

export const github: ProviderModule = { type: 'github', gitUsername: 'x-access-token', apiUrlFor, connect };

/**
 * github.com (also by its ssh-over-443 name) has the API on a host of its own, as have the tenants of ghe.com; an
 * Enterprise Server has it below the web's origin.
 */
function apiUrlFor(repository: RepositoryUrl): string {
  const { host } = repository;
  if (host === 'github.com' || host === 'www.github.com' || host === 'ssh.github.com') {
    return 'https://api.github.com';
  }
  if (host.endsWith('.ghe.com')) return `https://api.${host}`;
  return `${webOrigin(repository)}/api/v3`;
}

function connect({ repository, apiUrl, token, outbound }: ProviderConnection): PullRequestProvider {
  const address = parseApiUrl(apiUrl ?? apiUrlFor(repository));
  const context: CallContext = { host: address.host, repository: repository.path };
  const name = splitPath(repository.path);
  const client = githubClient({ apiUrl: address, token, outbound }, context);
  const toPullRequest = (data: unknown): PullRequest =>
    pullRequestOf(parseAnswer(pullRequestSchema, data, context));

  return {
    limits,
    findOpen: async ({ head, base }, signal) => {
      const data = await client.ask(signal, ({ pulls }, request) =>
        pulls.list({ ...name, state: 'open', head: `${name.owner}:${head}`, base, request }),
      );
      const listed = parseAnswer(pullRequestsSchema, data, context);
      const found = listed.find((each) => joins(each, { head, base }));
      return found === undefined ? undefined : pullRequestOf(found);
    },
    create: async ({ head, base, title, body }, signal) => {
      const answer = await client.tell(signal, ({ pulls }, request) =>
        pulls.create({ ...name, head, base, title, body, request }),
      );
      if (!('refusal' in answer)) return toPullRequest(answer.data);
      if (isDuplicate(answer.refusal)) return undefined;
      throw creationFailure(answer.refusal, { head, base }, context);
    },
    update: async ({ number }, { title, body }, signal) => {
      const data = await client.ask(signal, ({ pulls }, request) =>
        pulls.update({ ...name, pull_number: number, title, body, request }),
      );
      return toPullRequest(data);
    },
    close: async ({ number }, comment, signal) => {
      const current = await client.ask(signal, ({ pulls }, request) =>
        pulls.get({ ...name, pull_number: number, request }),
      );
      if (parseAnswer(pullRequestSchema, current, context).state !== 'open') return;
      // The comment first: after a crash in between, the next attempt still finds the pull request open.
      await client.ask(signal, ({ issues }, request) =>
        issues.createComment({ ...name, issue_number: number, body: comment, request }),
      );
      await client.ask(signal, ({ pulls }, request) =>
        pulls.update({ ...name, pull_number: number, state: 'closed', request }),
      );
    },
  };
}

/** The API knows repositories by exactly two names; anything else would address another of its endpoints. */
function splitPath(path: string): { readonly owner: string; readonly repo: string } {
  const [owner = '', repo = '', ...rest] = path.split('/');
  if (![owner, repo].every((part) => /^[\w.-]+$/.test(part) && !/^\.+$/.test(part)) || rest.length > 0) {
    throw new WindlassError(
      'invalid-pipeline',
      `pull-request.url is not that of a GitHub repository: ${path}.`,
    );
  }
  return { owner, repo };
}

/** GitHub ignores a `head` that it does not understand, and lists all: trust only what the answer says. */
function joins({ head, base }: GithubPullRequest, branches: BranchPair): boolean {
  const fromFork = head.repo?.full_name !== base.repo?.full_name;
  return !fromFork && head.ref === branches.head && base.ref === branches.base;
}

function pullRequestOf({ number, html_url, title, body }: GithubPullRequest): PullRequest {
  return { number, url: html_url, title, body: body ?? '' };
}
