import stopTestTemporal from '../temporal-global-teardown';
import { type OwnGitea } from './index';

/** Where the set-up leaves the server for the teardown, which runs in the same process. */
export const sharedGiteaKey = Symbol.for('windlass.test-gitea');

export interface SharedGitea {
  [sharedGiteaKey]?: OwnGitea;
}

export default async function stopTestServers(): Promise<void> {
  await Promise.all([(globalThis as SharedGitea)[sharedGiteaKey]?.close(), stopTestTemporal()]);
}
