/** How promotion commits look: what the Pipeline says, else what the installation says, else Windlass's own. */
import { type CommitSettings, type PersonSettings } from '../pipeline/pipeline';
import { type SigningKeyReference } from '../signing-key';

export interface Identity {
  readonly name: string;
  readonly email: string;
}

/** What an installation says of all its promotion commits. */
export interface CommitDefaults {
  readonly author?: PersonSettings;
  /** Absent: the author. */
  readonly committer?: PersonSettings;
  readonly messageTemplate?: string | undefined;
  readonly signingKey?: SigningKeyReference | undefined;
}

export interface CommitStyle {
  readonly author: Identity;
  readonly committer: Identity;
  /** Absent: the title alone. */
  readonly messageTemplate?: string;
  /** Absent: commits are not signed. */
  readonly signingKey?: SigningKeyReference;
}

const promotionAuthor = { name: 'Windlass', email: 'windlass@users.noreply.localhost' } as const;

/** @param namespace the Pipeline's, where the Secret that it names is */
export function commitStyleOf(
  settings: CommitSettings,
  namespace: string,
  defaults: CommitDefaults,
): CommitStyle {
  const author = person([settings.author, defaults.author], promotionAuthor);
  const messageTemplate = settings.messageTemplate ?? defaults.messageTemplate;
  const signingKey =
    settings.signingSecretName === undefined
      ? defaults.signingKey
      : { namespace, secretName: settings.signingSecretName };
  return {
    author,
    committer: person([settings.committer, defaults.committer], author),
    ...(messageTemplate === undefined ? {} : { messageTemplate }),
    ...(signingKey === undefined ? {} : { signingKey }),
  };
}

function person(said: readonly (PersonSettings | undefined)[], otherwise: Identity): Identity {
  const first = (field: keyof Identity) => said.map((one) => one?.[field]).find((text) => text !== undefined);
  return { name: first('name') ?? otherwise.name, email: first('email') ?? otherwise.email };
}

/** @returns why it is no name of a person, as the end of a sentence: Git would leave such characters out */
export function personNameFault(name: string): string | undefined {
  if (name.trim() === '') return 'must not be blank';
  return /[<>\p{Cc}]/u.test(name) ? 'must not hold <, > or a control character' : undefined;
}

/** @returns why it is no address, as the end of a sentence */
export function emailFault(email: string): string | undefined {
  return /^[^\s<>@\p{Cc}]+@[^\s<>@\p{Cc}]+$/u.test(email)
    ? undefined
    : 'must be an e-mail address such as bot@example.com';
}
