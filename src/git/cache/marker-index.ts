/**
 * Remembers, for a text that was searched, the commit and the files found, so that the next search has to look at what
 * changed since. It may be wrong or gone at any time: readers check what it says against the contents.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Texts remembered for one repository: an entry is some hundred bytes, and beyond that many, oldest go first. */
const maxEntries = 2_000;
/** A text found in this many files is cheaper to search again than to remember. */
const maxFiles = 5_000;

const objectName = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);
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

/** @returns undefined when nothing is remembered, or nothing that can be relied on */
export async function readIndex(directory: string, text: string): Promise<IndexEntry | undefined> {
  try {
    const entry = entrySchema.parse(JSON.parse(await readFile(fileOf(directory, text), 'utf8')));
    return entry.text === text ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** Remembering is worth nothing by itself, so a full or broken disk is no failure here. */
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
