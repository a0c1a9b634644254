/**
 * What a parser does: pure functions from bytes to plain data, so that they can run in another thread. They decode the
 * bytes too, which takes its time.
 */
import { findMisses as findMissesIn, type MarkerMiss } from '../manifests/marker-misses';
import { type Marker } from '../manifests/marker';
import {
  type Manifests,
  maxManifestBytes,
  parseManifests,
  tooLarge,
  unreadableManifests,
} from '../resources/parse-manifests';
import { editManifest, type EditedManifest, type ManifestEdit } from './edit-manifest';

/** @param source the file's name, for the messages */
function readManifests({
  bytes,
  source,
}: {
  readonly bytes: Uint8Array;
  readonly source: string;
}): Manifests {
  if (bytes.length > maxManifestBytes) return unreadableManifests(source, tooLarge);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return unreadableManifests(source, 'is not UTF-8 text');
  }
  return parseManifests(text, source);
}

/** Lines of a file that were probably meant as the marker. */
function findMisses({
  bytes,
  marker,
}: {
  readonly bytes: Uint8Array;
  readonly marker: Marker;
}): MarkerMiss[] {
  return findMissesIn(new TextDecoder().decode(bytes), marker, new Set(), new Set());
}

export const jobs = {
  readManifests,
  editManifest: (edit: ManifestEdit): EditedManifest => editManifest(edit),
  findMisses,
};

export type JobName = keyof typeof jobs;
export type JobInput<Name extends JobName> = Parameters<(typeof jobs)[Name]>[0];
export type JobOutput<Name extends JobName> = ReturnType<(typeof jobs)[Name]>;

/** Does the job here and now. */
export function doJob<Name extends JobName>(name: Name, input: JobInput<Name>): JobOutput<Name> {
  const job = jobs[name] as (input: JobInput<Name>) => JobOutput<Name>;
  return job(input);
}
