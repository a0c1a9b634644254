import { createReadStream } from 'node:fs';
import { maxManifestBytes } from '../../resources/parse-manifests';

/**
 * Reads one file, at most one byte more than a file of manifests may have.
 * @throws the file system's error
 */
export async function readManifestFile(path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(path, { end: maxManifestBytes })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
