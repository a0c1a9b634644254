import { carriesMark, markedBody } from '../marked-comment';
import { type PullRequestProvider } from '../port';
import { sameText } from '../same-text';
import { type ProjectApi } from './project-api';
import { noteSchema, notesSchema, userSchema } from './schema';

/** https://docs.gitlab.com/api/notes/#create-new-merge-request-note */
const maxNote = 1_000_000;

export function commentOn({ client, get, request, project }: ProjectApi): PullRequestProvider['comment'] {
  return async ({ number }, comment, signal) => {
    const body = markedBody(comment, maxNote);
    const oldestFirst = { order_by: 'created_at', sort: 'asc', per_page: '100' };
    const list = get(`merge_requests/${number}/notes`, oldestFirst);
    const marked = (await client.request(notesSchema, list, signal)).filter(carriesMark(comment));
    const user =
      marked.length === 0
        ? undefined
        : await request(userSchema, signal, ({ users }) => users.showCurrentUser());
    const own = marked.find(({ author }) => author.id === user?.id);
    if (own === undefined) {
      await request(noteSchema, signal, ({ notes }) => notes.create(project, number, body));
    } else if (!sameText(own.body, body)) {
      await request(noteSchema, signal, ({ notes }) => notes.edit(project, number, own.id, { body }));
    }
  };
}
