/** The file that says who may do what, where Kubernetes does not. What no rule allows is refused. */
import { z } from 'zod';
import { isName, longestName } from '../../domain/approvals/approval-settings';
import { type Verb, verbs } from '../../domain/people/rights';
import { namespaceName } from '../../resources/object-schema';
import { type OperatorFileReading, readOperatorFile } from '../../resources/operator-file';
import { pipelineApiVersion } from '../../resources/pipeline-schema';

const policyKind = 'AccessPolicy';
export const allNamespaces = '*';

const mostRules = 500;
const mostEntries = 500;

const name = z
  .string()
  .max(longestName)
  .refine(isName, 'must be visible characters, without white space at the ends');

const subjectSchema = z.union(
  [z.strictObject({ user: name }), z.strictObject({ group: name })],
  'must be {user: NAME} or {group: NAME}, with the prefix of the name: oidc:alice, token:ci',
);

const listOf = <T extends z.ZodType>(item: T) => z.array(item).min(1).max(mostEntries);

const ruleSchema = z.strictObject({
  subjects: listOf(subjectSchema),
  namespaces: listOf(
    z.union([z.literal(allNamespaces), namespaceName], "must be a namespace, or '*' for all namespaces"),
  ),
  verbs: listOf(z.enum(Object.keys(verbs) as [Verb, ...Verb[]])),
});

const policySchema = z.strictObject({
  apiVersion: z.literal(pipelineApiVersion),
  kind: z.literal(policyKind),
  rules: z.array(ruleSchema).max(mostRules),
});

export type AccessPolicy = Pick<z.output<typeof policySchema>, 'rules'>;

/** @param source the file's name, for the messages */
export function readAccessPolicy(text: string, source: string): OperatorFileReading<AccessPolicy> {
  return readOperatorFile(policySchema, policyKind, text, source);
}
