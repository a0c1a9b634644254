import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listMarkers } from '../../manifests/list-markers';
import { type Marker, markerValue } from '../../manifests/marker';

/** Not manifests, and often large. */
const passedOver = /(?:^|\/)(?:\.git|node_modules)\//;

/**
 * `windlass markers DIRECTORY`: prints every marker below a directory with the value that a promotion would set, and the
 * markers that do not count, with the reason.
 * @param pipeline `namespace/name`: only its markers
 * @returns the exit code: 1 if a marker does not count or a file can't be read
 */
export async function printMarkers(
  directory: string,
  pipeline: string | undefined,
  print: (text: string) => void,
): Promise<number> {
  const isAsked = ({ namespace, pipeline: name }: Marker): boolean =>
    pipeline === undefined || pipeline === `${namespace}/${name}`;
  let found = 0;
  const faults: string[] = [];
  for (const name of await yamlFilesBelow(directory)) {
    const text = await readFile(join(directory, name), 'utf8').catch((error: unknown) => {
      faults.push(`${name}: cannot be read: ${(error as Error).message}`);
      return '';
    });
    const { markers, misses } = listMarkers(text);
    for (const { marker, line, place, value } of markers.filter((one) => isAsked(one.marker))) {
      found += 1;
      print(`${name}:${line}: ${markerValue(marker)} sets ${place}, now ${value === '' ? 'empty' : value}`);
    }
    for (const { marker, line, reason } of misses.filter((one) => isAsked(one.marker))) {
      faults.push(`${name}:${line}: ${markerValue(marker)} does not count: ${reason}.`);
    }
  }
  for (const fault of faults) print(fault);
  if (found === 0 && faults.length === 0) print(`${directory}: no markers in *.yaml and *.yml files`);
  return faults.length > 0 ? 1 : 0;
}

/** Relative to the directory, sorted. Symbolic links are not followed, as in a promotion. */
async function yamlFilesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(join(directory, '/').length))
    .filter((name) => !passedOver.test(`/${name}`))
    .sort();
}
