/** A real Gitea: found as the tests find it, or built. */
import { gatesCheckName } from '../../src/providers/port';
import { type OwnGitea, startGitea } from '../../test/support/gitea';
import { betweenPolls } from '../promotion-run';
import { DemoFailure } from '../demo-failure';
import { type DemoRepository, type DemoService, type GatesStatus } from './demo-service';
import { watchGitea } from './gitea-watch';

const bot = 'windlass-bot';
const person = 'demo-user';

/** As `src/providers/gitea/readme.md` says. */
const scopes = ['write:repository', 'write:issue', 'read:user'] as const;

/** @throws DemoFailure where there is none, and none can be built */
export async function startDemoGitea(repository: DemoRepository): Promise<DemoService> {
  const gitea = await startGitea().catch((error: unknown) => {
    const { stderr, message } = error as Error & { readonly stderr?: string };
    const cause = (stderr ?? '').trim().replace(/^setup: /, '') || message;
    throw new DemoFailure(`Gitea did not start: ${cause} Without --forge gitea, the demo has its own forge.`);
  });
  try {
    return await demoService(gitea, repository);
  } catch (error) {
    await gitea.close();
    throw error;
  }
}

async function demoService(
  gitea: OwnGitea,
  { name, files, requiredCheck }: DemoRepository,
): Promise<DemoService> {
  await gitea.createOrganization(name.split('/')[0] ?? '');
  await gitea.createUser(bot);
  const password = await gitea.createUser(person);
  await gitea.createRepository(name, { files, writers: [bot, person], private: false });
  const rule = { rule_name: 'main', enable_push: true, enable_status_check: true };
  const protection = { ...rule, status_check_contexts: [requiredCheck] };
  await gitea.request('POST', `repos/${name}/branch_protections`, protection);
  const watch = watchGitea(gitea, name);
  const signIn = `sign in as ${person} with the password ${password}`;
  return {
    provider: 'gitea',
    url: gitea.url,
    token: await gitea.createToken(bot, scopes),
    introduction: ['Gitea', `${gitea.url}/${name} (${signIn})`],
    whyEnterMerges: (await hasScripts(gitea.url))
      ? undefined
      : 'This Gitea was built without its scripts and styles: its pages are plain, and cannot merge.',
    pageOf: (repository, number) => `${gitea.url}/${repository}/pulls/${number}`,
    commit: (repository, branch, changed) => gitea.commit(repository, branch, changed),
    readFile: (repository, branch, path) => gitea.read(repository, path, branch),
    pullRequests: () => watch.pullRequests(),
    diff: async (repository, number) =>
      (await gitea.request('GET', `repos/${repository}/pulls/${number}.diff`)) as string,
    mergePullRequest: (repository, number) => merge(gitea, repository, number),
    gatesStatus: (repository, commit) => gatesStatus(gitea, repository, commit),
    ...watch.listeners,
    close: async () => {
      await watch.close();
      await gitea.close();
    },
  };
}

/** Gitea looks for conflicts in the background first. */
async function merge(gitea: OwnGitea, repository: string, number: number): Promise<void> {
  const path = `repos/${repository}/pulls/${number}`;
  const isMergeable = async (): Promise<boolean> =>
    ((await gitea.request('GET', path)) as { readonly mergeable: boolean }).mergeable;
  while (!(await isMergeable())) await betweenPolls();
  await gitea.request('POST', `${path}/merge`, { Do: 'merge' }, person);
}

interface FoundStatus {
  readonly id: number;
  readonly context: string;
  readonly status: string;
  readonly description: string;
}

async function gatesStatus(
  gitea: OwnGitea,
  repository: string,
  commit: string,
): Promise<GatesStatus | undefined> {
  const statuses = await gitea.request('GET', `repos/${repository}/commits/${commit}/statuses?limit=50`);
  const [newest] = (statuses as FoundStatus[])
    .filter(({ context }) => context === gatesCheckName)
    .sort((left, right) => right.id - left.id);
  return newest && { state: newest.status, description: newest.description };
}

/** A Gitea that was built with `go build` alone lacks the files that its pages name. */
async function hasScripts(url: string): Promise<boolean> {
  const page = await (await fetch(url)).text();
  const script = /<script[^>]* src="([^"]+)"/.exec(page)?.[1];
  return script !== undefined && (await fetch(new URL(script, url))).ok;
}
