/**
 * Remembers, for each searched text, the commit and the found files, so that the next search only reads later changes.
 * It may be wrong or missing at any time: readers verify it against the contents.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { objectNamePattern } from '../objects/object-id';

/** The number of remembered texts per repository: an entry has some hundred bytes; the oldest are dropped first. */
const maxEntries = 2_000;
/** A text in this many files is cheaper to search again than to remember. */
const maxFiles = 5_000;

const objectName = z.string().regex(objectNamePattern);
const entrySchema = z.strictObject({
  format: z.literal(1),
  text: z.string(),
  commit: objectName,
  files: z.array(z.strictObject({ path: z.string().min(1), blob: objectName })),
});

export interface IndexedFile {
  readonly path: string;
  readonly blob: string;
}

export interface IndexEntry {
  readonly commit: string;
  readonly files: readonly IndexedFile[];
}

/** @returns undefined if nothing valid is remembered */
export async function readIndex(directory: string, text: string): Promise<IndexEntry | undefined> {
  try {
    const entry = entrySchema.parse(JSON.parse(await readFile(fileOf(directory, text), 'utf8')));
    return entry.text === text ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** The index is only an optimization, so a full or broken disk is not a failure here. */
export async function writeIndex(directory: string, text: string, entry: IndexEntry): Promise<void> {
  if (entry.files.length > maxFiles) return;
  const temporary = join(directory, `${randomUUID()}.tmp`);
  try {
    await mkdir(directory, { recursive: true });
    await writeFile(temporary, JSON.stringify({ format: 1, text, ...entry }));
    await rename(temporary, fileOf(directory, text));
    await forgetOldest(directory);
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

function fileOf(directory: string, text: string): string {
  return join(directory, `${createHash('sha256').update(text).digest('hex').slice(0, 40)}.json`);
}

async function forgetOldest(directory: string): Promise<void> {
  const names = await readdir(directory);
  if (names.length <= maxEntries) return;
  const files = await Promise.all(
    names.map(async (name) => ({ name, written: (await stat(join(directory, name))).mtimeMs })),
  );
  files.sort((a, b) => a.written - b.written);
  const surplus = files.slice(0, files.length - maxEntries / 2);
  await Promise.all(surplus.map(({ name }) => rm(join(directory, name), { force: true })));
}
