import { linkDefinitions } from '../hidden-marks';
import { carriesMark, markedBody } from '../marked-comment';
import { type KeyedComment, type PullRequestProvider } from '../port';
import { pagesOf } from '../rest/pages';
import { sameText } from '../same-text';
import { type RepositoryApi } from './repository-api';
import { activitiesSchema, type BitbucketComment } from './schema';

/** 10,000 activities: more than any pull request has. */
const maxPages = 100;

export function commentOn(api: RepositoryApi, limit: number): PullRequestProvider['comment'] {
  const { client, route } = api;
  return async ({ number }, comment, signal) => {
    const text = markedBody(comment, limit, linkDefinitions);
    const comments = `pull-requests/${number}/comments`;
    const own = await ownComment(api, number, comment, signal);
    if (own === undefined) {
      await client.send(route('POST', comments, { body: { text } }), signal);
    } else if (!sameText(own.text, text)) {
      const body = { text, version: own.version };
      await client.send(route('PUT', `${comments}/${own.id}`, { body }), signal);
    }
  };
}

/** The oldest one with the mark that this token may edit, which only the author may; its activities list all comments. */
async function ownComment(
  { client, route }: RepositoryApi,
  number: number,
  wanted: KeyedComment,
  signal: AbortSignal,
): Promise<BitbucketComment | undefined> {
  const isMarked = carriesMark(wanted, linkDefinitions);
  const path = `pull-requests/${number}/activities`;
  const list = { request: route('GET', path, { query: { limit: '100' } }), schema: activitiesSchema };
  let oldest: BitbucketComment | undefined;
  for await (const page of pagesOf(client, list, maxPages, signal)) {
    for (const { comment } of page) {
      if (comment === undefined || !isMarked({ body: comment.text })) continue;
      if (comment.permittedOperations?.editable !== false) oldest = comment;
    }
  }
  return oldest;
}
