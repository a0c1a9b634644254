/** `login`, `logout`, `whoami` */
import { resolve } from 'node:path';
import { type Me } from '../../operator/schemas/people';
import {
  type ConnectionFlags,
  isToken,
  parseServer,
  profileVariable,
  serverVariable,
} from '../access/choose-access';
import { type IssuedTokens, loginByDevice, revokeRefreshToken } from '../access/device-login';
import { type Session, sessionWith } from '../access/open-session';
import { defaultProfile, type Profile, profilesPath, readProfiles, writeProfiles } from '../access/profiles';
import { createTransport, type Transport } from '../api/transport';
import { CommandFault, type Ending } from '../exit-codes';
import { type OutputFormat, printData } from '../text/formats';
import { fieldLines } from '../text/sections';
import { type Surroundings } from '../surroundings';
import { defined } from './defined';
import { parseNamespacedName } from './pipeline-argument';

export interface LoginFlags extends Omit<ConnectionFlags, 'tokenFile'> {
  readonly tokenStdin?: boolean;
  readonly oidcIssuerUrl?: string;
  readonly oidcClientId?: string;
  readonly oidcExtraScope?: readonly string[];
}

/** Asks for a token or logs in by device, makes sure that the server knows it, and keeps it in the profile. */
export async function login(flags: LoginFlags, surroundings: Surroundings): Promise<Ending> {
  const { terminal, env } = surroundings;
  const path = profilesPath(env);
  const file = await readProfiles(path);
  const name = flags.profile ?? (env[profileVariable] || (file.current ?? defaultProfile));
  const before = Object.hasOwn(file.profiles, name) ? file.profiles[name] : undefined;
  const given = flags.server ?? (env[serverVariable] || before?.server);
  if (given === undefined)
    throw new CommandFault('usage', 'Name the server: windlass login --server https://windlass.example.com.');
  const server = parseServer(given);
  const caFile = flags.caFile === undefined ? before?.caFile : resolve(flags.caFile);
  const transport = createTransport(caFile, env);
  const { token, ...rest } = await obtainToken(flags, before, transport, surroundings);
  const me = await sessionWith(server, token, transport, surroundings).client.call('me', {});
  const profile: Profile = { server: server.href.replace(/\/$/, ''), token, ...defined({ caFile }), ...rest };
  await writeProfiles(path, { ...file, current: name, profiles: { ...file.profiles, [name]: profile } });
  for (const line of describeMe(me)) terminal.print(line);
  if (me.warning !== undefined) terminal.note(`Warning: ${me.warning}`);
  terminal.note(`Logged in to ${server.origin}. The token is in ${path}, profile ${name}.`);
  return 'done';
}

async function obtainToken(
  flags: LoginFlags,
  before: Profile | undefined,
  transport: Transport,
  { terminal }: Surroundings,
): Promise<Pick<Profile, 'oidc'> & { readonly token: string }> {
  const isGiven = flags.tokenStdin === true;
  const issuer = isGiven ? undefined : (flags.oidcIssuerUrl ?? before?.oidc?.issuer);
  if (issuer !== undefined) {
    const clientId = flags.oidcClientId ?? before?.oidc?.clientId;
    if (clientId === undefined)
      throw new CommandFault('usage', '--oidc-issuer-url needs --oidc-client-id, as the server has it.');
    const issued: IssuedTokens = await loginByDevice(
      { url: issuer, clientId },
      flags.oidcExtraScope ?? [],
      transport,
      ({ page, directPage, code }) => {
        terminal.note(`Open ${directPage ?? page} in a browser and confirm the code ${code}.`);
      },
    );
    const { token, ...rest } = issued;
    return { token, oidc: { issuer, clientId, ...rest } };
  }
  if (!isGiven && !terminal.interactive)
    throw new CommandFault('usage', 'There is no terminal to ask for the token: use --token-stdin.');
  const text = isGiven ? await terminal.readInput() : await terminal.askHidden('Token: ');
  const token = text?.trim() ?? '';
  if (!isToken(token))
    throw new CommandFault('usage', 'That is not one token: give it without spaces or line breaks.');
  return { token };
}

/** Forgets the token; the server stays in the profile. */
export async function logout(
  flags: Pick<ConnectionFlags, 'profile'>,
  surroundings: Surroundings,
): Promise<Ending> {
  const { terminal, env } = surroundings;
  const path = profilesPath(env);
  const file = await readProfiles(path);
  const name = flags.profile ?? (env[profileVariable] || (file.current ?? defaultProfile));
  const profile = Object.hasOwn(file.profiles, name) ? file.profiles[name] : undefined;
  if (profile?.token === undefined) {
    terminal.note(`The profile ${name} has no token.`);
    return 'done';
  }
  const { token: _token, oidc, ...rest } = profile;
  const issuer = oidc === undefined ? {} : { oidc: { issuer: oidc.issuer, clientId: oidc.clientId } };
  await writeProfiles(path, { ...file, profiles: { ...file.profiles, [name]: { ...rest, ...issuer } } });
  terminal.note(`The token of the profile ${name} was deleted from ${path}.`);
  if (oidc?.refreshToken === undefined) return 'done';
  try {
    const transport = createTransport(profile.caFile, env);
    await revokeRefreshToken({ url: oidc.issuer, clientId: oidc.clientId }, oidc.refreshToken, transport);
  } catch (error) {
    if (!(error instanceof CommandFault)) throw error;
    terminal.note(`It stays valid at the issuer until it expires: ${error.message}`);
  }
  return 'done';
}

export interface WhoamiFlags {
  readonly namespace?: string;
  readonly output?: OutputFormat;
}

/** `windlass whoami [NS/PIPELINE]`: who the server takes you for, and what you may do. */
export async function whoami(
  session: Session,
  pipeline: string | undefined,
  flags: WhoamiFlags,
): Promise<Ending> {
  const { client, terminal } = session;
  const query =
    pipeline === undefined
      ? defined({ namespace: flags.namespace })
      : parseNamespacedName('Pipeline', pipeline);
  const me = await client.call('me', { query });
  if (!printData(session, flags.output, me)) {
    const where = pipeline ?? (flags.namespace === undefined ? everywhere : `in ${flags.namespace}`);
    for (const line of describeMe(me, where)) terminal.print(line);
    if (me.warning !== undefined) terminal.note(`Warning: ${me.warning}`);
  }
  return 'done';
}

const everywhere = 'in all namespaces';

function describeMe(me: Me, where = everywhere): string[] {
  const allowed = me.allowed.length === 0 ? 'nothing' : me.allowed.join(', ');
  // Most people have permissions in some namespaces only.
  const more =
    me.allowed.length === 0 && where === everywhere ? ': for one, windlass whoami -n NAMESPACE' : '';
  return fieldLines([
    ['Name', me.name],
    ['Groups', me.groups],
    ['Known by', me.via],
    ['May', `${allowed} (${where}${more})`],
  ]);
}
