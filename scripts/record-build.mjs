/**
 * Keeps the workflow code of a build for the upgrade test: `npm run record-build -- [checkout]`, after `npm run build`
 * there. See test/upgrade/builds/README.md.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const checkout = path.resolve(process.argv[2] ?? '.');
const { version } = JSON.parse(await readFile(path.join(checkout, 'package.json'), 'utf8'));
const commit = execFileSync('git', ['rev-parse', '--short=7', 'HEAD'], {
  cwd: checkout,
  encoding: 'utf8',
}).trim();
const changed = execFileSync('git', ['status', '--porcelain', '--', 'src', 'package-lock.json'], {
  cwd: checkout,
  encoding: 'utf8',
});
if (changed !== '')
  throw new Error(`${checkout} differs from ${commit}: commit first, then build.\n${changed}`);

// The SDK wants a source map. The real one is twice the size of the code, and is not needed for an old build.
const emptyMap = { version: 3, file: 'workflow-bundle.js', sources: [], names: [], mappings: '' };
const mapMark = '//# sourceMappingURL=data:application/json;base64,';
const bundle = await readFile(path.join(checkout, 'dist/workflow-bundle.js'), 'utf8');
const mapStart = bundle.lastIndexOf('//# sourceMappingURL=data:');
if (mapStart < 0) throw new Error('The bundle has no inline source map: has the SDK changed its format?');
const code = bundle.slice(0, mapStart) + mapMark + Buffer.from(JSON.stringify(emptyMap)).toString('base64');

const directory = fileURLToPath(new URL(`../test/upgrade/builds/${version}-${commit}/`, import.meta.url));
await mkdir(directory, { recursive: true });
await writeFile(`${directory}workflow-bundle.js.gz`, gzipSync(code, { level: 9 }));
console.log(`recorded ${version}-${commit}: now run npm run record-histories`);
