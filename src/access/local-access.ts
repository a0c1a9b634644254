import { type Access, type Caller } from './access';
import { createAccess } from './create-access';
import { hashOfToken, staticTokenAuthenticator } from './tokens/static-tokens';
import { ensureLocalToken } from './tokens/local-token';
import { localName } from './tokens/token-file-schema';
import { tokenPrefix } from './prefixed-names';

/**
 * Access for one machine: the token in `<dataDir>/api-token` may do everything, because who can read the file can do everything
 * anyway.
 * @param dataDir an existing directory
 * @param configured for all other tokens; undefined: there are none
 * @throws the file system's error
 */
export async function openLocalAccess(dataDir: string, configured?: Access): Promise<Access> {
  const token = await ensureLocalToken(dataDir);
  const entries = new Map([[hashOfToken(token), { name: localName, groups: [] }]]);
  return createAccess({
    authenticators: [
      staticTokenAuthenticator(() => entries),
      ...(configured === undefined
        ? []
        : [{ authenticate: (other: string) => configured.authenticate(other) }]),
    ],
    authorizer: {
      allows: (caller, verb, place) =>
        isLocal(caller)
          ? Promise.resolve(true)
          : (configured?.allows(caller, verb, place) ?? Promise.resolve(false)),
    },
  });
}

/** No file of tokens can give this name. */
function isLocal({ name, via }: Caller): boolean {
  return via === 'token' && name === tokenPrefix + localName;
}
