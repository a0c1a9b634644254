import { type Express, type Request } from 'express';
import { noteAnswer, sendPage } from './answers';
import { noteBody, notesQuery, parseInput } from './input';
import { type MergeRequestRecord, type Project, tokenUser } from './model';
import { Refusal } from './refusal';

/** https://docs.gitlab.com/api/notes/#merge-requests */
export function serveNotes(
  app: Express,
  projectOf: (request: Request) => Project,
  mergeRequestOf: (request: Request) => MergeRequestRecord,
): void {
  const notes = '/api/v4/projects/:project/merge_requests/:iid/notes';
  app.get(notes, (request, response) => {
    const query = parseInput(notesQuery, request.query);
    const oldestFirst = mergeRequestOf(request).notes.map(noteAnswer);
    sendPage({ request, response }, query.sort === 'asc' ? oldestFirst : oldestFirst.reverse(), query);
  });
  app.post(notes, (request, response) => {
    const record = mergeRequestOf(request);
    const { body } = parseInput(noteBody, request.body);
    response.status(201).json(noteAnswer(projectOf(request).note(record, bounded(body), tokenUser)));
  });
  app.put(`${notes}/:note`, (request, response) => {
    const note = mergeRequestOf(request).notes.find(({ id }) => id === Number(request.params['note']));
    if (note === undefined) throw new Refusal(404, { message: '404 Not found' });
    if (note.author !== tokenUser) throw new Refusal(403, { message: '403 Forbidden' });
    note.body = bounded(parseInput(noteBody, request.body).body);
    response.json(noteAnswer(note));
  });
}

function bounded(body: string): string {
  if (body.length <= 1_000_000) return body;
  throw new Refusal(400, { message: 'Note {:note=>["is too long (maximum is 1000000 characters)"]}' });
}
