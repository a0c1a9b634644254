import { WindlassError } from '../../domain/errors';
import { type BranchPair } from '../port';
import { type ApiRefusal, type CallTarget, type KnownRefusal, type RefusedAnswer } from '../rest/refusal';
import { refusalSchema } from './schema';

/** https://developer.atlassian.com/cloud/bitbucket/changelog/#CHANGE-3222 */
export const insteadOfAppPassword =
  "app passwords ended on 28 July 2026; use an access token of the repository, or a user's API token with the e-mail address of its account as username";

/** What refusals of any request mean beyond their status. */
export function knownRefusal(
  { status, words }: RefusedAnswer,
  { host, repository }: CallTarget,
): KnownRefusal | undefined {
  const said = `${host} answered ${status}${words === '' ? '' : ` (${words})`}`;
  if (/app passwords?/i.test(words))
    return { code: 'bad-credentials', fault: `${said}: ${insteadOfAppPassword}.` };
  // https://developer.atlassian.com/cloud/bitbucket/rest/intro/#standardized-error-responses
  if (status === 402 || /exceeded its user limit|restricted to read-only/i.test(words)) {
    const fault = `${said}: ${repository} is read-only, because of its workspace's plan.`;
    return { code: 'forbidden', fault };
  }
  return undefined;
}

/** What a refusal to create means: Bitbucket says what is wrong with which field. */
export function creationFailure(
  refusal: ApiRefusal,
  branches: BranchPair,
  { repository }: CallTarget,
): WindlassError {
  if (refusal.status !== 400 && refusal.status !== 404) return refusal;
  const { message, fields } = refusalSchema.parse(refusal.body);
  const isMissing = (field: 'source' | 'destination'): boolean =>
    (fields[field] ?? [message.startsWith(`${field}: `) ? message : '']).some((text) =>
      /branch not found/i.test(text),
    );
  if (isMissing('destination'))
    return new WindlassError('base-branch-not-found', `${repository} has no branch ${branches.base}.`);
  // Both happen when a user merges, deletes or resets the branch right after the push: the next attempt sees what is left.
  if (isMissing('source'))
    return new WindlassError('lease-lost', `${repository} no longer has the branch ${branches.head}.`);
  if (/no changes to be pulled/i.test(refusal.words)) {
    return new WindlassError(
      'lease-lost',
      `The branch ${branches.head} of ${repository} has no commit that ${branches.base} lacks.`,
    );
  }
  return refusal;
}

/** Whether a change of a pull request was refused because of its reviewers. */
export function isAboutReviewers({ status, body }: ApiRefusal): boolean {
  const { message, fields } = refusalSchema.parse(body);
  return status === 400 && (fields['reviewers'] !== undefined || message.startsWith('reviewers: '));
}
