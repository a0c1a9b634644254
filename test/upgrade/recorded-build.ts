import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type WorkflowBundleOption } from '@temporalio/worker';

export const buildsDirectory = join(__dirname, 'builds');

/** It followed its promotions to their end; `followed.test.ts` upgrades from it. */
export const followedBuild = '0.1.0-33459c3';

/** The workflow code of a build. @param build the name of its folder */
export async function recordedBundle(build: string): Promise<WorkflowBundleOption> {
  const zipped = await readFile(join(buildsDirectory, build, 'workflow-bundle.js.gz'));
  return { code: gunzipSync(zipped).toString('utf8') };
}
