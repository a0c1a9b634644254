import { type Decoration, type PullRequestProvider } from '../port';
import { type ProjectApi } from './project-api';
import { decoratedSchema, type GitlabUser, usersSchema } from './schema';

type Role = 'reviewer' | 'assignee';

/** A user by the name that the Pipeline has for them. */
interface NamedUser {
  readonly name: string;
  readonly id: number;
}

/**
 * GitLab makes labels that are missing, and silently leaves out people: who cannot see the project, and all but one where the
 * project is not Premium. Its answer tells who is left.
 * https://docs.gitlab.com/api/merge_requests/#update-mr
 */
export function decorateOn(api: ProjectApi): PullRequestProvider['decorate'] {
  const { project, request } = api;
  return async ({ number }, decoration, signal) => {
    if (isEmpty(decoration)) return [];
    const present = await request(decoratedSchema, signal, ({ mergeRequests }) =>
      mergeRequests.show(project, number),
    );
    const labels = missingLabels(decoration.labels, present.labels);
    const reviewers = await lookUp(api, decoration.reviewers.users, present.reviewers, signal);
    const assignees = await lookUp(api, decoration.assignees, present.assignees, signal);
    const changes = {
      // A list with commas: no label has one in its name.
      ...(labels.taken.length === 0 ? {} : { addLabels: labels.taken.join(',') }),
      ...(reviewers.found.length === 0 ? {} : { reviewerIds: allOf(present.reviewers, reviewers.found) }),
      ...(assignees.found.length === 0 ? {} : { assigneeIds: allOf(present.assignees, assignees.found) }),
    };
    const changed =
      Object.keys(changes).length === 0
        ? present
        : await request(decoratedSchema, signal, ({ mergeRequests }) =>
            mergeRequests.edit(project, number, changes),
          );
    return [
      ...labels.refused.map((label) => `The label ${label} was not added: GitLab allows no comma in it.`),
      ...[...reviewers.unknown, ...assignees.unknown].map((name) => `There is no user ${name} on GitLab.`),
      ...leftOut('reviewer', reviewers.found, changed.reviewers),
      ...leftOut('assignee', assignees.found, changed.assignees),
      ...decoration.reviewers.teams.map((team) => `${team} was not asked for a review: ${noTeams}.`),
    ];
  };
}

export const noTeams = 'GitLab asks users only, approval rules of the project name groups';

function isEmpty({ labels, reviewers, assignees }: Decoration): boolean {
  return [labels, reviewers.users, reviewers.teams, assignees].every((names) => names.length === 0);
}

/** Names of labels differ in their case, too. */
function missingLabels(wanted: readonly string[], present: readonly string[]) {
  const missing = wanted.filter((label) => !present.includes(label));
  const hasComma = (label: string): boolean => label.includes(',');
  return { taken: missing.filter((label) => !hasComma(label)), refused: missing.filter(hasComma) };
}

/** Those who are not there yet. User names do not differ in their case. */
async function lookUp(
  { request }: ProjectApi,
  names: readonly string[],
  present: readonly GitlabUser[],
  signal: AbortSignal,
): Promise<{ readonly found: readonly NamedUser[]; readonly unknown: readonly string[] }> {
  const found: NamedUser[] = [];
  const unknown: string[] = [];
  for (const name of names) {
    const isNamed = ({ username }: GitlabUser): boolean => username.toLowerCase() === name.toLowerCase();
    if (present.some(isNamed)) continue;
    const listed = await request(usersSchema, signal, ({ users }) => users.all({ username: name }));
    const user = listed.find(isNamed);
    if (user === undefined) unknown.push(name);
    else found.push({ name, id: user.id });
  }
  return { found, unknown };
}

/** GitLab replaces the whole list, and keeps the first where it keeps one only. */
function allOf(present: readonly GitlabUser[], added: readonly NamedUser[]): number[] {
  return [...present, ...added].map(({ id }) => id);
}

function leftOut(role: Role, asked: readonly NamedUser[], present: readonly GitlabUser[]): string[] {
  const why = `they cannot see the project, or it is not Premium and has one ${role} for each merge request`;
  return asked
    .filter(({ id }) => !present.some((user) => user.id === id))
    .map(
      ({ name }) => `${name} was not added as ${role === 'reviewer' ? 'a reviewer' : 'an assignee'}: ${why}.`,
    );
}
