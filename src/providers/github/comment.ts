import { carriesMark, markedBody } from '../marked-comment';
import { type PullRequestProvider } from '../port';
import { ApiRefusal } from '../rest/refusal';
import { sameText } from '../same-text';
import { type RepositoryApi } from './repository-api';
import { commentsSchema, userSchema } from './schema';
import { type z } from 'zod';

type Comment = z.output<typeof commentsSchema>[number];

export function commentOn(
  { route, name, client }: RepositoryApi,
  limit: number,
): PullRequestProvider['comment'] {
  /** Undefined for the installation of a GitHub App, which may not ask who it is. */
  const ownId = async (signal: AbortSignal): Promise<number | undefined> => {
    try {
      return (await client.request(userSchema, route('GET /user'), signal)).id;
    } catch (error) {
      if (error instanceof ApiRefusal && error.code === 'forbidden') return undefined;
      throw error;
    }
  };
  const findOwn = async (marked: readonly Comment[], signal: AbortSignal): Promise<Comment | undefined> => {
    if (marked.length === 0) return undefined;
    const id = await ownId(signal);
    return marked.find(({ user }) => (id === undefined ? user?.type === 'Bot' : user?.id === id));
  };

  return async ({ number }, comment, signal) => {
    const body = markedBody(comment, limit);
    const onPullRequest = { ...name, issue_number: number };
    const list = route('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      ...{ ...onPullRequest, per_page: 100 },
    });
    const isMarked = carriesMark(comment);
    const marked = (await client.request(commentsSchema, list, signal)).filter((each) =>
      isMarked({ body: each.body ?? '' }),
    );
    const own = await findOwn(marked, signal);
    if (own === undefined) {
      const create = { ...onPullRequest, body };
      await client.send(route('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', create), signal);
    } else if (!sameText(own.body ?? '', body)) {
      const edit = { ...name, comment_id: own.id, body };
      await client.send(route('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', edit), signal);
    }
  };
}
