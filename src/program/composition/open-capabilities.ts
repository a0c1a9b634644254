import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Logger } from 'pino';
import { type Capabilities } from '../../capability/capabilities';
import { type CapabilityKeys } from '../../capability/capability-keys';
import { createCapabilities } from '../../capability/create-capabilities';
import { unsignedUntil } from '../../domain/capability/unsigned-grace';
import { settings } from '../../config/settings';
import { openCapabilityKeyFile } from '../../store/capability-key-file';
import { type OpenParts } from '../lifetime/open-parts';
import { openOperatorFile, settingName } from './operator-file';

interface OpenedCapabilities {
  readonly capabilities: Capabilities;
  /** Those in force at the moment. */
  readonly keys: () => CapabilityKeys;
}

/**
 * Opens the key that signs what `api` vouches for, if there is one.
 * @param file of the setting
 * @throws ConfigurationError if it is invalid
 */
export async function openCapabilities(
  parts: OpenParts,
  file: string | undefined,
  log: Logger,
): Promise<OpenedCapabilities | undefined> {
  const setting = settings.capabilityKeyFile;
  if (file === undefined) {
    log.warn(
      `Without ${settingName(setting)}, every client of Temporal can start, approve and stop promotions: see docs/decisions/capabilities.md.`,
    );
    return undefined;
  }
  const keys = await parts.add(await openOperatorFile(setting, openCapabilityKeyFile({ file, log })));
  return { capabilities: createCapabilities(() => keys.current()), keys: () => keys.current() };
}

/** Says so at the start, while what began before the key may act without it. */
export function warnOfUnsigned(
  { notBefore }: Pick<Capabilities, 'notBefore'>,
  log: Pick<Logger, 'warn'>,
): void {
  if (notBefore === undefined) return;
  const until = unsignedUntil(notBefore);
  if (Date.now() >= until) return;
  log.warn(
    { until: new Date(until).toISOString() },
    'Promotions that began before acceptUnsignedBefore may act without capabilities until then: remove it when none of them is in progress',
  );
}

/**
 * The file in the data directory of a program that runs alone. Made at its first start; what its database has from before may
 * act without tokens.
 * @returns its path
 */
export async function localCapabilityKeyFile(dataDir: string, now: number): Promise<string> {
  const file = join(dataDir, 'capability-keys.yaml');
  const exists = await stat(file).then(
    () => true,
    () => false,
  );
  if (exists) return file;
  const key = randomBytes(32).toString('base64');
  const text = [
    '# Signs what Windlass vouches for. Anyone who has it can approve every promotion.',
    'keys:',
    '  - id: local',
    `    key: ${key}`,
    `acceptUnsignedBefore: "${new Date(now).toISOString()}"`,
    '',
  ].join('\n');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, text, { mode: 0o600, flag: 'wx' });
    // Fails where another process has made it meanwhile.
    await link(draft, file).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  return file;
}
