import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Parser } from '../../parsing/parser';
import { parseManifestFile } from '../../parsing/parse-manifest-file';
import { formatFault, type Manifests } from '../../resources/parse-manifests';
import { readManifestFile } from '../../store/directory/read-manifest-file';
import { scanDirectory } from '../../store/directory/scan-directory';

/** What one argument holds. */
export interface ManifestInput {
  readonly files: readonly Manifests[];
  /** What could not be read of it, a line each. */
  readonly unread: readonly string[];
}

/** Reads a YAML file, standard input (`-`), or all `*.yaml` and `*.yml` below a directory, as the store does. */
export async function readManifestInput(path: string, parser: Parser): Promise<ManifestInput> {
  const source = path === '-' ? 'standard input' : path;
  try {
    if (path !== '-' && (await stat(path)).isDirectory()) return await readBelow(path, parser);
    const bytes = await readFile(path === '-' ? '/dev/stdin' : path);
    return { files: [await parseManifestFile(parser, bytes, source)], unread: [] };
  } catch (error) {
    return { files: [], unread: [`${source}: cannot be read: ${(error as Error).message}`] };
  }
}

async function readBelow(directory: string, parser: Parser): Promise<ManifestInput> {
  const scan = await scanDirectory(directory);
  const files: Manifests[] = [];
  for (const file of scan.files) {
    const bytes = await readManifestFile(file.path);
    const manifests = await parseManifestFile(parser, bytes, join(directory, file.name));
    if (!holdsNothing(manifests)) files.push(manifests);
  }
  const unread = scan.faults.map((fault) => formatFault({ ...fault, source: join(directory, fault.source) }));
  const nothing = files.length + unread.length === 0;
  return {
    files,
    unread: nothing
      ? [`${directory}: contains no Pipeline, Freeze or Secret in any *.yaml or *.yml`]
      : unread,
  };
}

/** Neither one of our objects, nor a fault that may hide one. */
export function holdsNothing({ pipelines, freezes, secrets, faults }: Manifests): boolean {
  return pipelines.length + freezes.length + secrets.length + faults.length === 0;
}
