import { parentPort, workerData } from 'node:worker_threads';
import { startForge } from '../demo/forge/forge';

export interface ForgesInput {
  readonly token: string;
  readonly forges: readonly { readonly directory: string; readonly latencyMs: number }[];
}

/** Serves forges and posts their URLs; to any message it answers with the requests that each got. Ends with the thread. */
export async function main(): Promise<void> {
  const { token, forges } = workerData as ForgesInput;
  const started = await Promise.all(forges.map((options) => startForge({ ...options, token })));
  parentPort?.on('message', () => parentPort?.postMessage(started.map(({ requests }) => requests.length)));
  parentPort?.postMessage(started.map(({ url }) => url));
}
