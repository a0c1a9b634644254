import { connectGitea, type Gitea, type GiteaAddress } from './client';

/** The Gitea of the whole run. Test files run beside each other: each has its own organization. */
export function sharedGitea(): Gitea {
  const address = process.env['WINDLASS_TEST_GITEA'];
  if (address === undefined) throw new Error('The global set-up of the tests on Gitea has not run.');
  return connectGitea(JSON.parse(address) as GiteaAddress);
}
