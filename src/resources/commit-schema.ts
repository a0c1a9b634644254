import { z } from 'zod';
import { longestMessageTemplate, messageTemplateFault } from '../domain/promotion/commit-message';
import { emailFault, personNameFault } from '../domain/promotion/commit-style';
import { type CommitSettings } from '../domain/pipeline/pipeline';
import { secretRefSchema } from './reference-schemas';
import { text } from './text-schema';

const longestName = 255;

function person(description: string, name: string, email: string) {
  return z
    .strictObject({
      name: text(longestName, personNameFault).optional().describe(name),
      email: text(longestName, emailFault).optional().describe(email),
    })
    .describe(description);
}

/** `pull-request.commit`: the fields have the names of `spec.git.commit` of Flux's ImageUpdateAutomation. */
export const commitSchema = z
  .strictObject({
    author: person(
      'The author of the commits.',
      'Name of the author. The default is Windlass, or what --commit-author-name says.',
      'Address of the author. The default is windlass@users.noreply.localhost, or what --commit-author-email says.',
    ).optional(),
    committer: person(
      'The committer of the commits. The default is the author.',
      "Name of the committer. The default is the author's, or what --commit-committer-name says.",
      "Address of the committer. The default is the author's, or what --commit-committer-email says.",
    ).optional(),
    messageTemplate: text(longestMessageTemplate, messageTemplateFault)
      .optional()
      .describe(
        'The message above the trailers that every promotion commit has. Variables: {title}, {application}, {pipeline}, {from}, {environment}, {version}. The default is {title}, or what --commit-message-template says.',
      ),
    signingKey: z
      .strictObject({
        secretRef: secretRefSchema.describe(
          "The Secret in the Pipeline's namespace with the key: git.asc (an armored OpenPGP private key) or identity (an SSH private key), and passphrase where the key is encrypted.",
        ),
      })
      .optional()
      .describe('The key that signs the commits. The default is none, or what --commit-signing-secret says.'),
  })
  .describe('What the promotion commits say of themselves, and the key that signs them.')
  .transform(({ author, committer, messageTemplate, signingKey }): CommitSettings => ({
    ...(author === undefined ? {} : { author }),
    ...(committer === undefined ? {} : { committer }),
    ...(messageTemplate === undefined ? {} : { messageTemplate }),
    ...(signingKey === undefined ? {} : { signingSecretName: signingKey.secretRef.name }),
  }));
