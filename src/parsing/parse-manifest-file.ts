import { type Manifests, unreadableManifests } from '../resources/parse-manifests';
import { BeyondParserLimits, type Parser } from './parser';

/** Of all files of Pipelines and Secrets. */
const guest = 'pipelines';

/**
 * Parses a file of Pipelines and Secrets. What is beyond the parser's limits is a fault of the file, like any other.
 * @throws the signal's reason when it is aborted
 */
export async function parseManifestFile(
  parser: Parser,
  bytes: Uint8Array,
  source: string,
  signal?: AbortSignal,
): Promise<Manifests> {
  try {
    return await parser.run(guest, 'readManifests', { bytes, source }, signal);
  } catch (error) {
    if (error instanceof BeyondParserLimits) return unreadableManifests(source, error.reason);
    throw error;
  }
}
