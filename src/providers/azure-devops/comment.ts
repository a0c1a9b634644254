import { carriesMark, markedBody } from '../marked-comment';
import { type PullRequestProvider } from '../port';
import { sameText } from '../same-text';
import { type RepositoryApi } from './repository-api';
import { connectionSchema, threadsSchema } from './schema';

/** "A discussion comment cannot be longer than 150000 characters": https://github.com/runatlantis/atlantis/pull/1585 */
const maxComment = 150_000;

export function commentOn(api: RepositoryApi): PullRequestProvider['comment'] {
  const { client, git, ofOrganization } = api;
  return async ({ number }, comment, signal) => {
    const content = markedBody(comment, maxComment);
    const threads = await client.request(threadsSchema, git('GET', `pullRequests/${number}/threads`), signal);
    const written = threads.flatMap(({ id: thread, isDeleted, comments }) =>
      isDeleted === true
        ? []
        : (comments ?? []).map((each) => ({ ...each, thread, body: each.content ?? '' })),
    );
    const marked = written.filter((each) => each.isDeleted !== true && carriesMark(comment)(each));
    const connection = ofOrganization('connectionData', {}, true);
    const own =
      marked.length === 0
        ? undefined
        : (await client.request(connectionSchema, connection, signal)).authenticatedUser.id;
    const present = marked.find(({ author }) => author?.id === own);
    if (present === undefined) await client.send(newThread(api, number, content), signal);
    else if (!sameText(present.body, content)) {
      const path = `pullRequests/${number}/threads/${present.thread}/comments/${present.id}`;
      await client.send(git('PATCH', path, {}, { content }), signal);
    }
  };
}

/** Closed, because a branch policy can keep a pull request waiting for its open threads. */
export function newThread({ git }: RepositoryApi, number: number, content: string) {
  const comments = [{ parentCommentId: 0, content, commentType: 'text' }];
  return git('POST', `pullRequests/${number}/threads`, {}, { comments, status: 'closed' });
}
