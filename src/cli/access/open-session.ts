import { randomUUID } from 'node:crypto';
import { createColors } from 'picocolors';
import { type Client, createClient } from '../api/client';
import { createTransport, type Transport } from '../api/transport';
import { CommandFault } from '../exit-codes';
import { type Surroundings } from '../surroundings';
import { type Terminal } from '../terminal/terminal';
import { type ChosenAccess, chooseAccess, type ConnectionFlags } from './choose-access';
import { refreshTokens } from './device-login';
import { profilesPath, readProfiles, type Profile, writeProfiles } from './profiles';

export type Style = ReturnType<typeof createColors>;

/** What a command works with. */
export interface Session {
  readonly client: Client;
  readonly server: URL;
  readonly terminal: Terminal;
  readonly style: Style;
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

/** @throws CommandFault usage or denied: there is no server or no token */
export async function openSession(flags: ConnectionFlags, surroundings: Surroundings): Promise<Session> {
  const { terminal, env, now } = surroundings;
  const path = profilesPath(env);
  const access = await chooseAccess(flags, await readProfiles(path), surroundings);
  if (access.notice !== undefined) terminal.note(access.notice);
  const transport = createTransport(access.caFile, env);
  const token = await currentToken(access, path, transport, now());
  if (token === undefined || token === '') {
    throw new CommandFault(
      'denied',
      `There is no token for ${access.server.origin}: log in with windlass login, or use --token-file or WINDLASS_TOKEN.`,
    );
  }
  return sessionWith(access.server, token, transport, surroundings);
}

export function sessionWith(
  server: URL,
  token: string,
  transport: Transport,
  { terminal, now, pause }: Surroundings,
): Session {
  const client = createClient({ server, token, transport, newKey: randomUUID, pause });
  return { client, server, terminal, style: createColors(terminal.color), now, pause };
}

/** It is refreshed so long before its end. */
const earlyMs = 60_000;

async function currentToken(
  { token, profile }: ChosenAccess,
  path: string,
  transport: Transport,
  now: number,
): Promise<string | undefined> {
  const oidc = profile?.content.oidc;
  if (profile === undefined || oidc?.expiresAt === undefined) return token;
  if (Date.parse(oidc.expiresAt) > now + earlyMs) return token;
  if (oidc.refreshToken === undefined) {
    throw new CommandFault('denied', 'The login has expired: log in again with windlass login.');
  }
  const issuer = { url: oidc.issuer, clientId: oidc.clientId };
  const issued = await refreshTokens(issuer, oidc.refreshToken, transport);
  const { token: fresh, ...rest } = issued;
  const content: Profile = { ...profile.content, token: fresh, oidc: { ...oidc, ...rest } };
  // Read again: another command may have written meanwhile.
  const file = await readProfiles(path);
  await writeProfiles(path, { ...file, profiles: { ...file.profiles, [profile.name]: content } });
  return fresh;
}
