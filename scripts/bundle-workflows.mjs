/** Bundles the compiled workflow code into one file, which saves a worker webpack's time and memory. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const quiet = { trace() {}, debug() {}, info() {}, log() {}, warn: console.warn, error: console.error };

const { code } = await bundleWorkflowCode({
  workflowsPath: `${dist}src/workflows/index.js`,
  workflowInterceptorModules: [`${dist}src/workflows/trace-interceptors.js`],
  logger: quiet,
});
const draft = `${dist}workflow-bundle.js.${process.pid}`;
await writeFile(draft, code);
await rename(draft, `${dist}workflow-bundle.js`);

// Where the program was up to 0.1: scripts and units that start it by its path continue to work.
await mkdir(`${dist}src/cli`, { recursive: true });
await writeFile(`${dist}src/cli/main.js`, "#!/usr/bin/env node\nrequire('../program/main.js');\n");
