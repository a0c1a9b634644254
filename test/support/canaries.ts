import { randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';

/** Secret values that are recognised wherever they turn up. */
export interface Canaries {
  /** Makes a value that stands for a Secret's field. */
  make(field: string): string;
  /** The fields whose value this text holds, plain, percent-encoded or in base64. */
  foundIn(text: string): string[];
}

export function createCanaries(): Canaries {
  const fields = new Map<string, string>();
  return {
    make(field) {
      const value = `canary/${field}/${randomUUID()}`;
      fields.set(field, value);
      return value;
    },
    foundIn: (text) =>
      [...fields]
        .filter(([, value]) => forms(value).some((form) => text.includes(form)))
        .map(([field]) => field),
  };
}

/** In base64 a value looks different by where it stands in a group of three bytes; its ends depend on its neighbours. */
function forms(value: string): string[] {
  const encoded = [0, 1, 2].map((offset) =>
    Buffer.from(' '.repeat(offset) + value)
      .toString('base64')
      .slice(offset === 0 ? 0 : 4, -4),
  );
  return [value, encodeURIComponent(value), ...encoded];
}

/** The text of every file below a directory, Git's compressed objects as what they hold. */
export async function filesBelow(directory: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const content = await readFile(path).catch(() => Buffer.alloc(0));
    files.set(path, content.toString('latin1') + inflated(content));
  }
  return files;
}

function inflated(content: Buffer): string {
  try {
    return inflateSync(content).toString('latin1');
  } catch {
    return '';
  }
}
