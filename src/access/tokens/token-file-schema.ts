/** The file of static tokens. It holds no token, only hashes of tokens. */
import { z } from 'zod';
import { isName, longestName } from '../../domain/approvals/approval-settings';
import { type OperatorFileReading, readOperatorFile } from '../../resources/operator-file';
import { pipelineApiVersion } from '../../resources/pipeline-schema';
import { mostGroups } from '../prefixed-names';

const tokensKind = 'ApiTokens';
/** The local token of `windlass dev`, which may do everything. */
export const localName = 'local';

const mostTokens = 1_000;
/** With the prefix, it must still be a name. */
const longest = longestName - 'token:'.length;

const name = z
  .string()
  .max(longest)
  .refine(isName, 'must be visible characters, without white space at the ends')
  .refine((text) => !text.startsWith('system:'), 'must not begin with system:, which belongs to Kubernetes');

const tokenSchema = z.strictObject({
  name: name.refine((text) => text !== localName, 'is the name of the local token: choose another one'),
  groups: z.array(name).max(mostGroups).optional(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the token, 64 digits 0-9 and a-f'),
});

const tokensSchema = z
  .strictObject({
    apiVersion: z.literal(pipelineApiVersion),
    kind: z.literal(tokensKind),
    tokens: z.array(tokenSchema).max(mostTokens),
  })
  .check(({ value: { tokens }, issues }) => {
    const seen = new Set<string>();
    for (const [index, { sha256 }] of tokens.entries()) {
      const message = 'is also the hash of an earlier token';
      if (seen.has(sha256))
        issues.push({ code: 'custom', input: undefined, path: ['tokens', index, 'sha256'], message });
      seen.add(sha256);
    }
  });

export interface TokenEntry {
  readonly name: string;
  readonly groups: readonly string[];
}

/** By the SHA-256 of the token, in hex. */
export type TokenEntries = ReadonlyMap<string, TokenEntry>;

/** @param source the file's name, for the messages, which never repeat a value */
export function readTokenFile(text: string, source: string): OperatorFileReading<TokenEntries> {
  const { value, faults } = readOperatorFile(tokensSchema, tokensKind, text, source);
  if (value === undefined) return { faults };
  const entries = value.tokens.map(({ sha256, name: user, groups = [] }): [string, TokenEntry] => [
    sha256,
    { name: user, groups },
  ]);
  return { value: new Map(entries), faults };
}
