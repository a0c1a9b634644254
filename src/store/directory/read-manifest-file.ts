import { createReadStream } from 'node:fs';
import {
  type Manifests,
  maxManifestBytes,
  parseManifests,
  tooLarge,
  unreadableManifests,
} from '../../resources/parse-manifests';
import { type ScannedFile } from './scan-directory';

/**
 * Reads one file, at most up to the size limit of a manifest.
 * @throws the file system's error
 */
export async function readManifestFile({ name, path }: ScannedFile): Promise<Manifests> {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(path, { end: maxManifestBytes })) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  if (bytes.length > maxManifestBytes) return unreadableManifests(name, tooLarge);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return unreadableManifests(name, 'is not UTF-8 text');
  }
  return parseManifests(text, name);
}
