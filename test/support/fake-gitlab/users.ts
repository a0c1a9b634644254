import { type Express } from 'express';
import { sendPage, userAnswer } from './answers';
import { parseInput, type updateBody, usersQuery } from './input';
import { type MergeRequestRecord, type Project, tokenUser } from './model';

/** All users of the GitLab. */
const users = [tokenUser, 'ada', 'grace', 'outsider'];

/** https://docs.gitlab.com/api/users/#list-all-users */
export function serveUsers(app: Express): void {
  app.get('/api/v4/users', (request, response) => {
    const query = parseInput(usersQuery, request.query);
    const found = users.filter((name) => name.toLowerCase() === query.username.toLowerCase());
    sendPage({ request, response }, found.map(userAnswer), query);
  });
}

/** Labels are made as they are needed; of people, an unknown id is left out. */
export function decorate(
  project: Project,
  record: MergeRequestRecord,
  {
    add_labels: labels,
    reviewer_ids: reviewers,
    assignee_ids: assignees,
  }: ReturnType<typeof updateBody.parse>,
): void {
  if (labels !== undefined) record.labels = [...new Set([...record.labels, ...labels.split(',')])];
  const named = (ids: readonly number[]) =>
    ids.flatMap((id) => users.filter((name) => userAnswer(name)['id'] === id));
  if (reviewers !== undefined) project.assign(record, 'reviewers', named(reviewers));
  if (assignees !== undefined) project.assign(record, 'assignees', named(assignees));
}
