/** Answers of Bitbucket Data Center, for what a test lets it say. */
import { bitbucketServer } from '../../src/providers/bitbucket-server';
import { scripted } from './api-access';

export const commit = 'a'.repeat(40);

const repository = { slug: 'apps', project: { key: 'ACME' } };

export function ref(branch: string, fields: object = {}): object {
  return { id: `refs/heads/${branch}`, latestCommit: commit, repository, ...fields };
}

export function pullRequest(fields: object = {}): { readonly id: number } {
  return {
    ...{ id: 1, version: 3, title: 't', state: 'OPEN', fromRef: ref('promotion'), toRef: ref('main') },
    ...{ links: { self: [{ href: 'https://git.example.com/1' }] }, reviewers: [], ...fields },
  };
}

export function page(values: readonly object[], next?: number): Response {
  return Response.json({ values, isLastPage: next === undefined, nextPageStart: next ?? null });
}

/** @param exception below `com.atlassian.bitbucket` */
export function refuse(
  status: number,
  message: string,
  exception: string | null,
  more: object = {},
): Response {
  const exceptionName = exception === null ? null : `com.atlassian.bitbucket.${exception}`;
  return Response.json({ errors: [{ context: null, message, exceptionName, ...more }] }, { status });
}

export function outOfDate(): Response {
  return refuse(409, 'You are attempting to modify a pull request …', 'pull.PullRequestOutOfDateException');
}

/** The provider of `ACME/apps` on a Bitbucket that answers by method and path. */
export function scriptedBitbucket(
  answer: (method: string, path: string) => Response,
): ReturnType<typeof scripted> {
  return scripted(bitbucketServer, answer, 'https://git.example.com/scm/ACME/apps.git');
}
