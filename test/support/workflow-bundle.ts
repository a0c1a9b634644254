import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';

const root = resolve(__dirname, '../..');
/** All that a bundle can be made of. */
const inputs = ['src/workflows', 'src/domain', 'src/activities', 'package-lock.json'];

/**
 * The workflow code in one file, bundled anew only after a change.
 * @returns its path
 */
export async function bundledWorkflows(): Promise<string> {
  const directory = join(root, 'node_modules/.cache/windlass');
  const bundle = join(directory, `workflows-${await hashOfInputs()}.js`);
  if (existsSync(bundle)) return bundle;
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(root, 'src/workflows/index.ts'),
    workflowInterceptorModules: [join(root, 'src/workflows/trace-interceptors.ts')],
    logger: new DefaultLogger('WARN'),
  });
  await mkdir(directory, { recursive: true });
  const draft = `${bundle}.${process.pid}`;
  await writeFile(draft, code);
  await rename(draft, bundle);
  return bundle;
}

async function hashOfInputs(): Promise<string> {
  const hash = createHash('sha256');
  for (const input of inputs) {
    for (const file of await filesUnder(join(root, input))) hash.update(file).update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 16);
}

async function filesUnder(path: string): Promise<string[]> {
  if (!path.endsWith('.json')) {
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  }
  return [path];
}
