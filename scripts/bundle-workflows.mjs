/** Bundles the compiled workflow code into one file, which saves a worker webpack's time and memory. */
import { rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const quiet = { trace() {}, debug() {}, info() {}, log() {}, warn: console.warn, error: console.error };

const { code } = await bundleWorkflowCode({ workflowsPath: `${dist}src/workflows/index.js`, logger: quiet });
const draft = `${dist}workflow-bundle.js.${process.pid}`;
await writeFile(draft, code);
await rename(draft, `${dist}workflow-bundle.js`);
