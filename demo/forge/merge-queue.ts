import { type HostedRepository } from './hosted-repository';
import { type PullRequestRecord } from './pull-request-record';

/** Who merges what was in a queue. */
export const queueUser = 'github-merge-queue[bot]';

/**
 * The branches that are merged into through a queue, and what is in it. In memory: a restart of the forge forgets them.
 * Every pull request is a group of its own, on its base branch.
 */
export class MergeQueue {
  private readonly branches = new Set<string>();
  /** By pull request: the head at which it was added. */
  private readonly entries = new Map<number, string>();

  require(branch: string): void {
    this.branches.add(branch);
  }

  isRequired(branch: string): boolean {
    return this.branches.has(branch);
  }

  /** One whose head moved is no longer in it. */
  has({ number, headSha, state }: PullRequestRecord): boolean {
    return state === 'open' && this.entries.get(number) === headSha;
  }

  add({ number, headSha }: PullRequestRecord): void {
    this.entries.set(number, headSha);
  }

  remove(number: number): boolean {
    return this.entries.delete(number);
  }
}

export function groupBranch({ number, base, baseSha }: PullRequestRecord): string {
  return `gh-readonly-queue/${base}/pr-${number}-${baseSha}`;
}

/** Makes the branch that the queue tests. */
export async function buildGroup({ git }: HostedRepository, record: PullRequestRecord): Promise<void> {
  const commit = await git.createMerge(
    record.baseSha,
    record.headSha,
    `Merge pull request #${record.number}`,
  );
  if (commit !== undefined) await git.updateRef(`refs/heads/${groupBranch(record)}`, commit);
}

/** Why the queue does not merge it yet, in GitHub's words; undefined: its group has passed. */
export async function groupObstacle(
  repository: HostedRepository,
  record: PullRequestRecord,
): Promise<string | undefined> {
  const group = await repository.git.branchHead(groupBranch(record));
  if (group === undefined) return 'The merge group is not built yet.';
  return repository.checks.obstacle(group, repository.requiredChecks.of(record.base));
}
