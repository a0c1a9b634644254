import { join } from 'node:path';
import { type PushNotice } from '../../demo/forge/repositories';
import { runGit } from './git-repository';
import { branchOf, type Installation, pathOf, release, repository } from './installation';
import { openPullRequests } from './lane-outcomes';

/** Every push to the promotion branch into staging from now on. */
export function recordPushes({ forge }: Installation): readonly PushNotice[] {
  const pushes: PushNotice[] = [];
  forge.onPush((push) => {
    if (push.branch === branchOf('staging')) pushes.push(push);
  });
  return pushes;
}

/** One open pull request, whose branch is one commit ahead of `main` and sets this version in staging's manifest. */
export async function expectPromoted(installation: Installation, version: string): Promise<void> {
  const branch = branchOf('staging');
  expect(openPullRequests(installation).map(({ title, head }) => ({ title, head }))).toEqual([
    { title: `Promote apps/shop in staging to ${version}`, head: branch },
  ]);
  expect(await installation.manifest('staging', branch)).toBe(release('staging', version));
  const bare = join(installation.directory, 'forge', `${repository}.git`);
  expect(runGit(bare, 'rev-list', '--count', `main..${branch}`)).toBe('1');
  expect(runGit(bare, 'diff', '--name-only', `main...${branch}`)).toBe(pathOf('staging'));
}
