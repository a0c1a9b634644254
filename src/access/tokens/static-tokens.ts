import { createHash } from 'node:crypto';
import { type FollowedFile, type FollowedFileOptions, followFile } from '../../store/followed-file';
import { type Authenticator } from '../access';
import { tokenPrefix } from '../prefixed-names';
import { readTokenFile, type TokenEntries } from './token-file-schema';

/** A shorter one could be guessed, and a plain hash would not protect it. */
const shortestToken = 20;

export function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/**
 * Reads the file of static tokens, again when it changes.
 * @throws InvalidFile if it is invalid at the start
 */
export function openTokenFile(
  options: Pick<FollowedFileOptions<TokenEntries>, 'file' | 'log' | 'pollIntervalMs'>,
): Promise<FollowedFile<TokenEntries>> {
  return followFile({
    ...options,
    what: 'The list of API tokens',
    read: readTokenFile,
    summary: (tokens) => ({ names: [...new Set([...tokens.values()].map(({ name }) => name))] }),
  });
}

/**
 * Knows tokens by their hashes. How long the look-up takes says nothing about a token: a caller cannot choose its hash.
 * @param tokens those in force
 */
export function staticTokenAuthenticator(tokens: () => TokenEntries): Authenticator {
  return {
    authenticate: (token) => {
      const entry = token.length < shortestToken ? undefined : tokens().get(hashOfToken(token));
      if (entry === undefined) return Promise.resolve(undefined);
      const name = tokenPrefix + entry.name;
      const groups = entry.groups.map((group) => tokenPrefix + group);
      return Promise.resolve({ known: true, caller: { name, groups, via: 'token' } });
    },
  };
}
