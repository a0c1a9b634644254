/** The demo's own forge, which is shaped like GitHub. */
import { randomBytes } from 'node:crypto';
import { gatesCheckName } from '../../src/providers/port';
import { startForge } from '../forge/forge';
import { type DemoRepository, type DemoService } from './demo-service';

export async function startOwnForge(
  directory: string,
  { name, files, requiredCheck }: DemoRepository,
): Promise<DemoService> {
  const token = randomBytes(24).toString('hex');
  const forge = await startForge({ directory, token });
  await forge.createRepository(name, files);
  forge.repository(name).requiredChecks.require('main', requiredCheck);
  return {
    ...forge,
    provider: 'github',
    token,
    introduction: ['Demo forge', forge.url],
    whyEnterMerges: undefined,
    pageOf: (repository, number) => `${forge.url}/${repository}/pull/${number}`,
    pullRequests: (repository) => Promise.resolve(forge.pullRequests(repository)),
    mergePullRequest: (repository, number) => forge.mergePullRequest(repository, number),
    gatesStatus: (repository, commit) => {
      const statuses = forge.repository(repository).checks.latestStatuses(commit);
      return Promise.resolve(statuses.find(({ context }) => context === gatesCheckName));
    },
    onPullRequest: (listener) => forge.onPullRequest(({ pullRequest }) => listener(pullRequest)),
    onMerge: (listener) => forge.onMerge(({ pullRequest }) => listener(pullRequest)),
  };
}
