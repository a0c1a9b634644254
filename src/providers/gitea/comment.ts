import { carriesMark, markedBody } from '../marked-comment';
import { type PullRequestProvider } from '../port';
import { sameText } from '../same-text';
import { type RepositoryApi } from './repository-api';
import { commentsSchema, userSchema } from './schema';

/** Gitea itself takes longer ones. */
const maxComment = 65_536;

export function commentOn({ client, at }: RepositoryApi): PullRequestProvider['comment'] {
  return async ({ number }, comment, signal) => {
    const body = markedBody(comment, maxComment);
    // Gitea gives all comments at once.
    const comments = await client.request(commentsSchema, at('GET', `issues/${number}/comments`), signal);
    const marked = comments.filter(carriesMark(comment));
    const me =
      marked.length === 0
        ? undefined
        : await client.request(userSchema, { method: 'GET', url: 'user' }, signal);
    const own = marked.find(({ user }) => user?.id === me?.id);
    if (own === undefined) await client.send(at('POST', `issues/${number}/comments`, { body }), signal);
    else if (!sameText(own.body, body))
      await client.send(at('PATCH', `issues/comments/${own.id}`, { body }), signal);
  };
}
