/** The file with servers and tokens: `~/.config/windlass/config.yaml`, for its owner's eyes only. */
import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseDocument, stringify } from 'yaml';
import { z } from 'zod';
import { CommandFault } from '../exit-codes';

type Environment = Readonly<Record<string, string | undefined>>;

const oidc = z.strictObject({
  issuer: z.string(),
  clientId: z.string(),
  refreshToken: z.string().optional(),
  /** Of the token. */
  expiresAt: z.iso.datetime().optional(),
});

const profile = z.strictObject({
  server: z.string(),
  caFile: z.string().optional(),
  token: z.string().optional(),
  /** Absent: the token was given. */
  oidc: oidc.optional(),
});

const profileFile = z.strictObject({
  current: z.string().optional(),
  profiles: z.record(z.string().regex(/^[\w.-]{1,63}$/), profile).default({}),
});

export type Profile = z.infer<typeof profile>;
export type ProfileFile = z.infer<typeof profileFile>;

export const defaultProfile = 'default';
const othersMayRead = 0o077;

/** `$XDG_CONFIG_HOME/windlass/config.yaml` (XDG Base Directory Specification). */
export function profilesPath(env: Environment): string {
  const base = env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config');
  return join(base, 'windlass', 'config.yaml');
}

/** @returns no profiles if there is no file @throws CommandFault usage: others can read it, or it is invalid */
export async function readProfiles(path: string): Promise<ProfileFile> {
  let text: string;
  try {
    const { mode } = await stat(path);
    if ((mode & othersMayRead) !== 0) {
      throw new CommandFault(
        'usage',
        `Other users can read ${path}, which can contain tokens: run chmod 600 ${path}, and log in again if others may have read it.`,
      );
    }
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof CommandFault) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { profiles: {} };
    throw new CommandFault(
      'usage',
      `${path} cannot be read: ${String((error as NodeJS.ErrnoException).code)}.`,
    );
  }
  return parseProfiles(path, text);
}

/** Writes it whole or not at all. */
export async function writeProfiles(path: string, file: ProfileFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomUUID()}`;
  try {
    await writeFile(temporary, stringify(file), { mode: 0o600, flag: 'wx' });
    await chmod(temporary, 0o600);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** No message quotes the file: it holds tokens. */
function parseProfiles(path: string, text: string): ProfileFile {
  const document = parseDocument(text);
  if (document.errors.length > 0)
    throw new CommandFault('usage', `${path} is not YAML: correct it, or delete it and log in again.`);
  const parsed = profileFile.safeParse(document.toJS() ?? {});
  if (parsed.success) return parsed.data;
  const place = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new CommandFault(
    'usage',
    `${path} is invalid${place === '' ? '' : ` at ${place}`}: correct it, or delete it and log in again.`,
  );
}
