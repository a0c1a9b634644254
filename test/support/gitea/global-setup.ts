import startTestTemporal from '../temporal-global-setup';
import { type GiteaAddress, startGitea } from './index';
import { sharedGiteaKey, type SharedGitea } from './global-teardown';

/** One Temporal server and one Gitea for a whole run; the test files find them in environment variables. */
export default async function startTestServers(): Promise<void> {
  const [gitea] = await Promise.all([startGitea({ ssh: true }), startTestTemporal()]);
  (globalThis as SharedGitea)[sharedGiteaKey] = gitea;
  const { url, port, directory, sshPort, adminToken, userPassword } = gitea;
  const address: GiteaAddress = { url, port, directory, sshPort, adminToken, userPassword };
  process.env['WINDLASS_TEST_GITEA'] = JSON.stringify(address);
}
