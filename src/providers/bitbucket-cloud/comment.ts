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
    const content = { content: { raw: body } };
    const isMarked = carriesMark(comment, linkDefinitions);
    const written = await client.request(commentsSchema, list(path, { fields }), signal);
    const marked = written
      .filter((each) => each.deleted !== true && isMarked({ body: each.content?.raw ?? '' }))
      .sort((left, right) => right.id - left.id);
    const { id: own, isSure } =
      marked.length === 0 ? { isSure: true } : await whoAsks(api, pullRequest, signal);
    for (const each of marked) {
      const isOwn = own !== undefined && each.user?.uuid === own;
      if (isOwn && sameText(each.content?.raw ?? '', body)) return;
      if (isSure && !isOwn) continue;
      const edited = client.send(send('PUT', `${path}/${each.id}`, content), signal);
      // Of a person who copied the mark, or of the token before this one.
      if ((await unlessRefused(isSure ? [] : ['forbidden'], edited)) !== undefined) return;
    }
    await client.send(send('POST', path, content), signal);
  };
}

/**
 * Access tokens may not ask who they are, and are refused as if they were wrong. Most likely it is who opened the pull request,
 * unless the token was replaced since; what they may edit is theirs.
 */
async function whoAsks(
  { client, get }: RepositoryApi,
  { number }: Numbered,
  signal: AbortSignal,
): Promise<{ readonly id?: string | undefined; readonly isSure: boolean }> {
  const user = await unlessRefused(
    ['bad-credentials', 'forbidden', 'repository-not-found'],
    client.request(userSchema, { method: 'GET', url: 'user' }, signal),
  );
  if (user !== undefined) return { id: user.uuid, isSure: true };
  const opened = get(`pullrequests/${number}`, { fields: 'author.uuid' });
  return { id: (await client.request(authorSchema, opened, signal)).author?.uuid, isSure: false };
}
