import { linkDefinitions } from '../hidden-marks';
import { carriesMark, markedBody } from '../marked-comment';
import { type Numbered, type PullRequestProvider } from '../port';
import { unlessRefused } from '../rest/unless-refused';
import { sameText } from '../same-text';
import { type RepositoryApi } from './repository-api';
import { authorSchema, commentsSchema, userSchema } from './schema';

/** Longer than any comment of Windlass; Bitbucket documents no limit. */
const maxComment = 32_768;
const fields = 'id,content.raw,user.uuid,deleted';

export function commentOn(api: RepositoryApi): PullRequestProvider['comment'] {
  const { client, list, send } = api;
  return async (pullRequest, comment, signal) => {
    const path = `pullrequests/${pullRequest.number}/comments`;
    const body = markedBody(comment, maxComment, linkDefinitions);
    const isMarked = carriesMark(comment, linkDefinitions);
    const written = await client.request(commentsSchema, list(path, { fields }), signal);
    const marked = written.filter(
      ({ content, deleted }) => deleted !== true && isMarked({ body: content?.raw ?? '' }),
    );
    const id = marked.length === 0 ? undefined : await ownId(api, pullRequest, signal);
    const own = marked.find(({ user }) => user?.uuid !== undefined && user.uuid === id);
    const content = { content: { raw: body } };
    if (own === undefined) await client.send(send('POST', path, content), signal);
    else if (!sameText(own.content?.raw ?? '', body))
      await client.send(send('PUT', `${path}/${own.id}`, content), signal);
  };
}

/** Access tokens may not ask who they are, and are refused as if they were wrong: then it is who opened the pull request. */
async function ownId(
  { client, get }: RepositoryApi,
  { number }: Numbered,
  signal: AbortSignal,
): Promise<string | undefined> {
  const user = await unlessRefused(
    ['bad-credentials', 'forbidden', 'repository-not-found'],
    client.request(userSchema, { method: 'GET', url: 'user' }, signal),
  );
  if (user !== undefined) return user.uuid;
  const opened = get(`pullrequests/${number}`, { fields: 'author.uuid' });
  return (await client.request(authorSchema, opened, signal)).author?.uuid;
}
