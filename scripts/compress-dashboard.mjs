/** Writes a `.br` and a `.gz` beside each file of the built dashboard: compressed once, and as small as possible. */
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const directory = fileURLToPath(new URL('../dist/dashboard', import.meta.url));
const entries = await readdir(directory, { recursive: true, withFileTypes: true });
for (const entry of entries) {
  if (!/\.(?:html|js|css|svg)$/.test(entry.name)) continue;
  const file = join(entry.parentPath, entry.name);
  const content = await readFile(file);
  const most = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  await writeFile(`${file}.br`, brotliCompressSync(content, most));
  await writeFile(`${file}.gz`, gzipSync(content, { level: constants.Z_BEST_COMPRESSION }));
}
