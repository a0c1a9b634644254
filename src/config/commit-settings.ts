/** The settings of promotion commits, and their kinds of value. */
import { z } from 'zod';
import { isNamespace, isObjectName } from '../domain/kubernetes-names';
import { messageTemplateFault } from '../domain/promotion/commit-message';
import { emailFault, personNameFault } from '../domain/promotion/commit-style';
import { type Registry } from './setting';
import { type ValueKind } from './value-kinds';

const readBy = ['worker'] as const;
const text = { type: 'string' } as const;

/** Text of which the domain says whether it will do. */
function checkedBy(fault: (text: string) => string | undefined) {
  return z.string().check((context) => {
    const message = fault(context.value);
    if (message !== undefined)
      context.issues.push({ code: 'custom', message: `it ${message}`, input: context.value });
  });
}

const personName = {
  argument: 'name',
  written: 'a name, without `<` and `>`',
  parser: checkedBy(personNameFault),
  schema: text,
} as const satisfies ValueKind;

const email = {
  argument: 'address',
  written: 'an e-mail address: `bot@example.com`',
  parser: checkedBy(emailFault),
  schema: text,
} as const satisfies ValueKind;

const messageTemplate = {
  argument: 'text',
  written: 'text, of several lines if need be: [the commit](pipeline.md#the-commit)',
  parser: checkedBy(messageTemplateFault),
  schema: text,
} as const satisfies ValueKind;

/** A Secret by `namespace/name`. */
const secretReference = {
  argument: 'namespace/name',
  written: '`namespace/name` of a Secret that Windlass may read',
  parser: z.string().transform((text, context) => {
    const [namespace = '', secretName = '', ...more] = text.split('/');
    if (isNamespace(namespace) && isObjectName(secretName) && more.length === 0) {
      return { namespace, secretName };
    }
    context.addIssue({ code: 'custom', message: 'it must be the namespace/name of a Secret' });
    return z.NEVER;
  }),
  schema: text,
} as const satisfies ValueKind;

export const commitSettings = {
  commitAuthorName: {
    flag: 'commit-author-name',
    kind: personName,
    description: 'author of promotion commits (default: Windlass)',
    readBy,
    config: 'commit.author.name',
    chart: { value: 'commit.author.name' },
  },
  commitAuthorEmail: {
    flag: 'commit-author-email',
    kind: email,
    description: "the author's address (default: windlass@users.noreply.localhost)",
    readBy,
    config: 'commit.author.email',
    chart: { value: 'commit.author.email' },
  },
  commitCommitterName: {
    flag: 'commit-committer-name',
    kind: personName,
    description: 'committer of promotion commits (default: the author)',
    readBy,
    config: 'commit.committer.name',
    chart: { value: 'commit.committer.name' },
  },
  commitCommitterEmail: {
    flag: 'commit-committer-email',
    kind: email,
    description: "the committer's address (default: the author's)",
    readBy,
    config: 'commit.committer.email',
    chart: { value: 'commit.committer.email' },
  },
  commitMessageTemplate: {
    flag: 'commit-message-template',
    kind: messageTemplate,
    description:
      'message of promotion commits above their trailers, with {title}, {application}, {pipeline}, {from}, {environment}, {version} (default: {title})',
    readBy,
    config: 'commit.messageTemplate',
    chart: { value: 'commit.messageTemplate' },
  },
  commitSigningSecret: {
    flag: 'commit-signing-secret',
    kind: secretReference,
    description:
      'Secret with the key that promotion commits are signed with: git.asc or identity, passphrase',
    readBy,
    config: 'commit.signingKey',
    chart: { value: 'commit.signingSecret' },
  },
} as const satisfies Registry;
