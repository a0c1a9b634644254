import { WindlassError } from '../../domain/errors';
import { type CallContext, type RefusedAnswer, notTheApi, quotable, refusalFailure } from '../answers';
import { type BranchPair } from '../port';
import { type GitlabAnswer } from './requester';
import { refusalSchema } from './schema';

/** Thrown through gitbeaker, which has no other way to hand on an answer of 400 and above. */
export class GitlabRefusal extends Error implements RefusedAnswer {
  override readonly name = 'GitlabRefusal';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(answer: GitlabAnswer, message: string) {
    super(message);
    this.status = answer.status;
    this.headers = answer.headers;
  }
}

/**
 * @returns the JSON of a good answer
 * @throws GitlabRefusal for 400 and above; WindlassError for what is not GitLab's API
 */
export function judge(answer: GitlabAnswer, token: string, call: CallContext): unknown {
  const json = parseJson(answer);
  if (answer.status >= 400) {
    const sentences = refusalSchema.safeParse(json);
    // Of anything but JSON, as an HTML page of a proxy, the status says it all.
    throw new GitlabRefusal(answer, sentences.success ? quotable(sentences.data.join('; '), token) : '');
  }
  if (json === undefined) {
    const type = quotable(answer.contentType, token);
    throw notTheApi(call, `${answer.status} and ${type === '' ? 'no content type' : type} instead of JSON`);
  }
  return json;
}

/** Whether GitLab refused to create a merge request because there is an open one. */
export function isDuplicate(refusal: GitlabRefusal): boolean {
  return refusal.status === 409 && /already exists/i.test(refusal.message);
}

/** Classifies a refusal to create. Older versions name missing branches with 422, newer ones by field with 400. */
export function creationFailure(
  refusal: GitlabRefusal,
  branches: BranchPair,
  call: CallContext,
): WindlassError {
  if (refusal.status === 400 || refusal.status === 422) {
    if (/target.branch.*(does not exist|is invalid)/i.test(refusal.message)) {
      return new WindlassError('base-branch-not-found', `${call.repository} has no branch ${branches.base}.`);
    }
    // Somebody merged or deleted the branch right after the push: the next attempt sees what is left.
    if (/source.branch.*(does not exist|is invalid)/i.test(refusal.message)) {
      return new WindlassError('lease-lost', `${call.repository} no longer has the branch ${branches.head}.`);
    }
  }
  // Two pushes to one branch at the same time.
  if (/incorrect old value/i.test(refusal.message)) {
    return new WindlassError('lease-lost', `${call.host} answered ${refusal.status} (${refusal.message}).`);
  }
  return refusalFailure(refusal, call);
}

function parseJson({ contentType, text }: GitlabAnswer): unknown {
  if (!/^application\/(json|problem\+json)\b/i.test(contentType)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
