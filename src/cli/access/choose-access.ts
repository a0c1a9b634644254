import { readFile } from 'node:fs/promises';
import { mayCarryToken } from '../api/transport';
import { CommandFault } from '../exit-codes';
import { type Surroundings } from '../surroundings';
import { defaultProfile, type Profile, type ProfileFile } from './profiles';

/** The flags of every command that talks to a server. */
export interface ConnectionFlags {
  readonly server?: string;
  readonly tokenFile?: string;
  readonly caFile?: string;
  readonly profile?: string;
}

/** Which server, and as whom. */
export interface ChosenAccess {
  readonly server: URL;
  readonly token: string | undefined;
  readonly caFile: string | undefined;
  /** Where the token came from the file; its name. */
  readonly profile: { readonly name: string; readonly content: Profile } | undefined;
  /** For standard error. */
  readonly notice: string | undefined;
}

export const serverVariable = 'WINDLASS_SERVER';
export const tokenVariable = 'WINDLASS_TOKEN';
export const profileVariable = 'WINDLASS_PROFILE';

/**
 * Flags come first, then the environment, then the profile, then `windlass dev` of this machine. A profile's token goes
 * to the profile's server only.
 * @throws CommandFault usage
 */
export async function chooseAccess(
  flags: ConnectionFlags,
  file: ProfileFile,
  surroundings: Surroundings,
): Promise<ChosenAccess> {
  const { env } = surroundings;
  const named = chooseProfile(flags, file, env);
  const given = flags.server ?? present(env[serverVariable]);
  const token =
    flags.tokenFile === undefined ? present(env[tokenVariable]) : await readToken(flags.tokenFile);
  if (given === undefined && named === undefined) return chooseDev(flags, token, surroundings);
  const server = parseServer(given ?? named?.content.server ?? '');
  const isItsServer = named !== undefined && parseServer(named.content.server).href === server.href;
  const profile = isItsServer && token === undefined ? named : undefined;
  return {
    server,
    token: token ?? profile?.content.token,
    caFile: flags.caFile ?? (isItsServer ? named.content.caFile : undefined),
    profile,
    notice: undefined,
  };
}

/** @returns undefined: none is named, and there is no current one @throws CommandFault usage: it does not exist */
function chooseProfile(
  flags: ConnectionFlags,
  file: ProfileFile,
  env: Surroundings['env'],
): ChosenAccess['profile'] {
  const wanted = flags.profile ?? present(env[profileVariable]);
  const name = wanted ?? file.current ?? defaultProfile;
  const content = Object.hasOwn(file.profiles, name) ? file.profiles[name] : undefined;
  if (content !== undefined) return { name, content };
  if (wanted === undefined) return undefined;
  const names = Object.keys(file.profiles).sort().join(', ');
  throw new CommandFault(
    'usage',
    `There is no profile ${JSON.stringify(wanted)}: ${names === '' ? 'there are none' : `there are ${names}`}. Make it with windlass login --profile.`,
  );
}

async function chooseDev(
  flags: ConnectionFlags,
  given: string | undefined,
  { dev }: Surroundings,
): Promise<ChosenAccess> {
  const own = await readFile(dev.tokenFile, 'utf8').catch(() => undefined);
  if (own === undefined) {
    throw new CommandFault(
      'usage',
      `No server is named: use --server or ${serverVariable}, or log in with windlass login --server URL.`,
    );
  }
  return {
    server: parseServer(dev.server),
    token: given ?? own.trim(),
    caFile: flags.caFile,
    profile: undefined,
    notice: `Using windlass dev on this machine: ${dev.server}, with the token in ${dev.tokenFile}.`,
  };
}

/** @throws CommandFault usage */
export function parseServer(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new CommandFault(
      'usage',
      'The server must be a URL such as https://windlass.example.com, without query and fragment.',
    );
  }
  if (url.username !== '' || url.password !== '')
    throw new CommandFault('usage', 'The URL of the server must not contain credentials: use --token-file.');
  if (!mayCarryToken(url)) {
    throw new CommandFault(
      'usage',
      `${url.origin} would receive the token in plain text: use https, or kubectl port-forward and http://127.0.0.1.`,
    );
  }
  return url;
}

/** @param file `-` is standard input @throws CommandFault usage */
async function readToken(file: string): Promise<string> {
  try {
    const token = (await readFile(file === '-' ? '/dev/stdin' : file, 'utf8')).trim();
    if (isToken(token)) return token;
  } catch (error) {
    throw new CommandFault(
      'usage',
      `--token-file ${file} cannot be read: ${String((error as NodeJS.ErrnoException).code)}.`,
    );
  }
  throw new CommandFault(
    'usage',
    `--token-file ${file} does not contain one token: put only the token into it.`,
  );
}

const tokenPattern = /^[\x21-\x7e]{1,16384}$/;

/** Whether it can be sent as a header. */
export const isToken = (text: string): boolean => tokenPattern.test(text);

const present = (value: string | undefined): string | undefined => (value === '' ? undefined : value);
