import { type BareRepository } from './bare-repository';
import { type CommitChecks } from './commit-checks';
import { type PullRequestRecord } from './pull-request-record';
import { type RequiredChecks } from './required-checks';

/** A repository, as its queue tests it. */
interface Tested {
  readonly git: BareRepository;
  readonly checks: CommitChecks;
  readonly requiredChecks: RequiredChecks;
}

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
export async function buildGroup({ git }: Tested, record: PullRequestRecord): Promise<void> {
  const commit = await git.createMerge(
    record.baseSha,
    record.headSha,
    `Merge pull request #${record.number}`,
  );
  if (commit !== undefined) await git.updateRef(`refs/heads/${groupBranch(record)}`, commit);
}

/** Why the queue does not merge it yet, in GitHub's words; undefined: its group has passed. */
export async function groupObstacle(
  { git, checks, requiredChecks }: Tested,
  record: PullRequestRecord,
): Promise<string | undefined> {
  const group = await git.branchHead(groupBranch(record));
  if (group === undefined) return 'The merge group is not built yet.';
  return checks.obstacle(group, requiredChecks.of(record.base));
}
