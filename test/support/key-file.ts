import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { type CapabilityKey } from '../../src/capability/capability-keys';

/** Writes a file for `--capability-key-file`. @param acceptUnsignedBefore milliseconds since the epoch */
export async function writeKeyFile(
  file: string,
  keys: readonly CapabilityKey[],
  acceptUnsignedBefore?: number,
): Promise<void> {
  const listed = keys.map(({ id, key }) => ({ id, key: Buffer.from(key).toString('base64') }));
  const before =
    acceptUnsignedBefore === undefined
      ? {}
      : { acceptUnsignedBefore: new Date(acceptUnsignedBefore).toISOString() };
  await writeFile(file, stringify({ keys: listed, ...before }), { mode: 0o600 });
}
