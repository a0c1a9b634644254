import { z } from 'zod';
import {
  type ApprovalSettings,
  isName,
  longestExpiryMs,
  longestName,
  mostNamed,
  mostRequired,
  shortestExpiryMs,
} from '../approvals/approval-settings';
import { durationSchema } from '../duration-schema';

const required = z
  .int()
  .refine((count) => count >= 1 && count <= mostRequired, `must be a number from 1 to ${mostRequired}`)
  .optional()
  .meta({
    description: 'How many different people must approve, from 1 to 10. The default is 1.',
    crd: { minimum: 1, maximum: mostRequired },
  });

const names = (description: string) =>
  z
    .array(
      z
        .string()
        .refine(isName, 'must be a name without space around it and without invisible characters')
        .meta({ description: 'A name, which is compared exactly.', crd: { maxLength: longestName } }),
    )
    .min(1, 'must not be empty: leave it out, or name someone')
    .max(mostNamed)
    .optional()
    .meta({ description, crd: { maxItems: mostNamed } });

const expiresAfter = durationSchema(
  'How long an approval counts while the promotion waits, such as 72h: from 1m to 8760h. By default, it does not expire.',
  {
    shortestMs: shortestExpiryMs,
    longestMs: longestExpiryMs,
    fault: 'must be a duration from 1m to 8760h, such as 72h',
  },
).optional();

export const approvalsSchema = z
  .strictObject({
    required,
    users: names('The people whose approvals count, besides those in groups.'),
    groups: names('The groups whose members count, besides users. Without users and groups, anyone counts.'),
    expiresAfter,
    allowRequesters: z
      .boolean()
      .optional()
      .describe(
        'While true, people who asked for the promotion or wrote commits on its branch can approve it as well. The default is false.',
      ),
  })
  .describe('Holds each promotion until different people have approved its version.')
  .transform((fields, context): ApprovalSettings => {
    const { required: count = 1, users, groups, expiresAfter: expiresAfterMs, allowRequesters } = fields;
    if (users !== undefined && groups === undefined && new Set(users).size < count) {
      context.addIssue({ code: 'custom', message: 'requires more approvals than users has names' });
      return z.NEVER;
    }
    return {
      required: count,
      ...(users === undefined ? {} : { users }),
      ...(groups === undefined ? {} : { groups }),
      ...(expiresAfterMs === undefined ? {} : { expiresAfterMs }),
      ...(allowRequesters === true ? { allowRequesters } : {}),
    };
  })
  .optional();
