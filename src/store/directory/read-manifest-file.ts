import { open } from 'node:fs/promises';
import { maxManifestBytes } from '../../resources/parse-manifests';

/** More than most files have. */
const firstBytes = 16_384;

/**
 * Reads one file, at most one byte more than a file of manifests may have. A stream would take twice as long for a small
 * file, and there may be thousands.
 * @throws the file system's error
 */
export async function readManifestFile(path: string): Promise<Buffer> {
  const handle = await open(path);
  try {
    const chunks: Buffer[] = [];
    for (let left = maxManifestBytes + 1, size = firstBytes; left > 0; size *= 2) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(Math.min(size, left)));
      if (bytesRead === 0) break;
      chunks.push(buffer.subarray(0, bytesRead));
      left -= bytesRead;
    }
    return Buffer.concat(chunks);
  } finally {
    await handle.close();
  }
}
