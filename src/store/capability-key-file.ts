import { type CapabilityKeys } from '../capability/capability-keys';
import { readCapabilityKeys } from '../resources/capability-keys-schema';
import { type FollowedFile, type FollowedFileOptions, followFile } from './followed-file';

/**
 * Reads the keys that sign capabilities, again when their file changes.
 * @throws InvalidFile if it is invalid at the start; no message has a key
 */
export function openCapabilityKeyFile(
  options: Pick<FollowedFileOptions<CapabilityKeys>, 'file' | 'log' | 'pollIntervalMs'>,
): Promise<FollowedFile<CapabilityKeys>> {
  return followFile({
    ...options,
    what: 'The key for capabilities',
    read: readCapabilityKeys,
    summary: ({ keys, acceptUnsignedBefore }) => ({
      keys: keys.map(({ id }) => id),
      ...(acceptUnsignedBefore === undefined
        ? {}
        : { acceptUnsignedBefore: new Date(acceptUnsignedBefore).toISOString() }),
    }),
  });
}
