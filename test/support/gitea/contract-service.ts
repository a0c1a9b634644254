/** A real Gitea as the contract of providers asks for a service: two repositories, cleared for each test. */
import { type DecoratedService, type ServicePullRequest } from '../../contract/providers/service';
import { eventually } from '../eventually';
import { type Gitea } from './client';
import { openManyPullRequests, pushCommits } from './many-at-once';

interface FoundPullRequest {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'closed';
  readonly mergeable: boolean;
  readonly draft: boolean;
  readonly head: { readonly label: string; readonly sha: string };
  readonly base: { readonly label: string };
  readonly labels: readonly { readonly name: string }[];
  readonly assignees: readonly { readonly login: string }[] | null;
  readonly requested_reviewers: readonly { readonly login: string }[] | null;
  readonly requested_reviewers_teams: readonly { readonly name: string }[] | null;
}

interface FoundStatus {
  readonly id: number;
  readonly context: string;
  readonly status: string;
  readonly description: string;
  readonly target_url: string;
}

export interface ContractPeople {
  /** Whose token it is. */
  readonly bot: string;
  /** Others who may write. */
  readonly others: readonly string[];
}

export async function giteaService(
  gitea: Gitea,
  repositories: readonly [string, string],
  { bot, others }: ContractPeople,
  open: number,
): Promise<DecoratedService> {
  const [first, second] = repositories;
  const writers = [bot, ...others];
  await (open > 0 ? gitea.createRepository(first, { writers }) : clear(gitea, first, writers));
  await clear(gitea, second, writers);
  if (open > 0) await openManyPullRequests(gitea, first, open);

  /** What is on a branch besides what `main` has. */
  const files = new Map<string, string>();
  const at = (repository: string, branch: string): string => `${repository}:${branch}`;
  const commit = async (
    repository: string,
    branch: string,
    person?: { readonly name: string; readonly email: string },
  ): Promise<string> => {
    const file = `file-${counter++}.txt`;
    const isThere = files.has(at(repository, branch));
    files.set(at(repository, branch), file);
    const made = await gitea.request('POST', `repos/${repository}/contents/${file}`, {
      content: Buffer.from(`${file} on ${branch}`).toString('base64'),
      ...(isThere ? { branch } : { branch: 'main', new_branch: branch }),
      ...(person === undefined ? {} : { author: person, committer: person }),
    });
    // A new branch is in Gitea's database a moment after it is in its Git repository.
    if (!isThere) await eventually(async () => (await gitea.head(repository, branch)) !== undefined);
    return (made as { readonly commit: { readonly sha: string } }).commit.sha;
  };
  const list = async (repository: string): Promise<readonly FoundPullRequest[]> =>
    (await gitea.request('GET', `repos/${repository}/pulls?state=all&limit=50`)) as FoundPullRequest[];
  const single = async (repository: string, number: number): Promise<FoundPullRequest> =>
    (await gitea.request('GET', `repos/${repository}/pulls/${number}`)) as FoundPullRequest;
  const commentsOf = async (repository: string, number: number): Promise<readonly string[]> => {
    const comments = await gitea.request('GET', `repos/${repository}/issues/${number}/comments`);
    return (comments as { readonly body: string }[]).map(({ body }) => body);
  };
  /** It looks for conflicts in the background, and merges nothing meanwhile. */
  const untilMergeable = (repository: string, number: number): Promise<boolean> =>
    eventually(async () => (await single(repository, number)).mergeable, 60_000);

  return {
    url: gitea.url,
    createBranch: async (repository, branch) => {
      await commit(repository, branch);
    },
    pullRequests: async (repository) => {
      const found = await list(repository);
      const pullRequests: ServicePullRequest[] = [];
      for (const { number, title, body, head, base, state } of found.toReversed()) {
        const comments = await commentsOf(repository, number);
        pullRequests.push({
          ...{ number, title, body, head: head.label, base: base.label, open: state === 'open', comments },
        });
      }
      return pullRequests;
    },
    push: async (repository, branch, person) => {
      const id = await commit(repository, branch, person);
      // A pull request is at its branch's new commit a moment later.
      await eventually(async () =>
        (await list(repository)).every(
          ({ head, state }) => head.label !== branch || state === 'closed' || head.sha === id,
        ),
      );
      return id;
    },
    pushMany: (repository, branch, count) => pushCommits(gitea, repository, branch, count),
    merge: async (repository, number, person) => {
      await untilMergeable(repository, number);
      await gitea.request('POST', `repos/${repository}/pulls/${number}/merge`, { Do: 'merge' }, person);
    },
    reject: async (repository, number, person) => {
      await gitea.request('PATCH', `repos/${repository}/pulls/${number}`, { state: 'closed' }, person);
    },
    remark: async (repository, number, person, body) => {
      await gitea.request('POST', `repos/${repository}/issues/${number}/comments`, { body }, person);
    },
    requireGates: async (repository) => {
      const status_check_contexts = ['windlass/gates'];
      const rule = { rule_name: 'main', enable_push: true, enable_status_check: true, status_check_contexts };
      await gitea.request('POST', `repos/${repository}/branch_protections`, rule);
      for (const { number, state } of await list(repository)) {
        if (state === 'open') await untilMergeable(repository, number);
      }
    },
    conflict: async (repository, number) => {
      const { head } = await single(repository, number);
      const content = Buffer.from('something else').toString('base64');
      const file = files.get(at(repository, head.label)) ?? '';
      await gitea.request('POST', `repos/${repository}/contents/${file}`, { content, branch: 'main' });
      await eventually(async () => !(await single(repository, number)).mergeable);
    },
    report: async (repository, head, context, state) => {
      const said = { context, state: state === 'running' ? 'pending' : state };
      await gitea.request('POST', `repos/${repository}/statuses/${head}`, said);
    },
    gates: async (repository, head) => {
      const path = `repos/${repository}/commits/${head}/statuses?limit=50`;
      return ((await gitea.request('GET', path)) as FoundStatus[])
        .sort((left, right) => right.id - left.id)
        .filter(({ context }) => context === 'windlass/gates')
        .map(({ status, description, target_url: url }) => ({
          ...{ state: status, description, url: url === '' ? undefined : url },
        }));
    },
    decorations: async (repository, number) => {
      const found = await single(repository, number);
      const reviewers = (found.requested_reviewers ?? []).map(({ login }) => login);
      const teams = (found.requested_reviewers_teams ?? []).map(({ name }) => name);
      return {
        labels: found.labels.map(({ name }) => name),
        reviewers: [...reviewers, ...teams],
        assignees: (found.assignees ?? []).map(({ login }) => login),
        draft: found.draft,
      };
    },
    decorateByHand: async (repository, number, { label, reviewer, assignee }) => {
      const root = `repos/${repository}`;
      if (label !== undefined)
        await gitea.request('POST', `${root}/issues/${number}/labels`, { labels: [label] });
      const asked = `${root}/pulls/${number}/requested_reviewers`;
      if (reviewer !== undefined) await gitea.request('POST', asked, { reviewers: [reviewer] });
      if (assignee !== undefined)
        await gitea.request('PATCH', `${root}/pulls/${number}`, { assignees: [assignee] });
    },
    preferSquash: async (repository) => {
      await gitea.request('PATCH', `repos/${repository}`, {
        ...{ has_pull_requests: true, default_merge_style: 'squash' },
      });
    },
    branchExists: async (repository, branch) => (await gitea.head(repository, branch)) !== undefined,
    parentsOfMain: async (repository) => {
      const commits = await gitea.request('GET', `repos/${repository}/commits?sha=main&limit=1`);
      return (commits as { readonly parents: readonly object[] }[])[0]!.parents.length;
    },
    close: () => Promise.resolve(),
  };
}

/** For names of files that no branch has yet, in all tests on one Gitea. */
let counter = 1;

/**
 * Makes a new repository where a test has used the last one. Emptying it is no substitute: Gitea closes the pull requests of
 * deleted branches some time later, those of the next test's branches of the same names among them.
 */
async function clear(gitea: Gitea, repository: string, writers: readonly string[]): Promise<void> {
  const root = `repos/${repository}`;
  const branches = await gitea.send({ method: 'GET', path: `${root}/branches` });
  const pullRequests = await gitea.send({ method: 'GET', path: `${root}/pulls?state=all&limit=1` });
  const countOf = (body: unknown): number => (body as readonly object[]).length;
  const isUnused =
    branches.status === 200 && countOf(branches.body) === 1 && countOf(pullRequests.body) === 0;
  if (!isUnused) await gitea.createRepository(repository, { writers });
}
