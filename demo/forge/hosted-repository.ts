import { BareRepository } from './bare-repository';
import { CommitChecks } from './commit-checks';
import {
  type CommentRecord,
  type PullRequestRecord,
  loadPullRequests,
  savePullRequests,
  timestamp,
} from './pull-request-record';
import { Refusal, notFound, validationFailed } from './refusal';
import { MergeQueue } from './merge-queue';
import { People } from './people';
import { RequiredChecks } from './required-checks';

/** A branch that moved; `before` is absent for a new one, `after` for a deleted one. */
export interface BranchChange {
  readonly branch: string;
  readonly before?: string;
  readonly after?: string;
}

export interface PullRequestDraft {
  readonly title: string;
  readonly body: string;
  readonly head: string;
  readonly base: string;
  readonly draft?: boolean;
}

/** How a merge is made; a rebase is made like a merge. */
export type MergeMethod = 'merge' | 'squash' | 'rebase';

export interface MergeRequest {
  readonly expectedHead?: string | undefined;
  readonly method?: MergeMethod;
}

export interface PullRequestChange {
  readonly title?: string;
  readonly body?: string;
  readonly state?: 'open' | 'closed';
}

/** A repository with its pull requests, and GitHub's rules for them. Changes run sequentially. */
export class HostedRepository {
  readonly checks = new CommitChecks();
  readonly requiredChecks = new RequiredChecks();
  readonly people = new People();
  readonly mergeQueue = new MergeQueue();
  /** The ways to merge that its settings allow. */
  readonly mergeMethods = new Set<MergeMethod>(['merge', 'squash', 'rebase']);
  private queue: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly owner: string,
    readonly name: string,
    readonly git: BareRepository,
    private readonly recordsFile: string,
    private readonly records: PullRequestRecord[],
    private known: ReadonlyMap<string, string>,
  ) {}

  /** Opens the files on disk: `{path}.git` and the pull requests beside it. */
  static async open(path: string, owner: string, name: string): Promise<HostedRepository> {
    const git = new BareRepository(`${path}.git`);
    const file = `${path}.pulls.json`;
    return new HostedRepository(owner, name, git, file, await loadPullRequests(file), await git.branches());
  }

  get fullName(): string {
    return `${this.owner}/${this.name}`;
  }

  /** All pull requests, newest first. */
  pullRequests(): readonly PullRequestRecord[] {
    return [...this.records].reverse();
  }

  /** @throws Refusal 404 */
  pullRequest(number: number): PullRequestRecord {
    const record = this.records.find((candidate) => candidate.number === number);
    if (record === undefined) throw notFound();
    return record;
  }

  async openPullRequest(draft: PullRequestDraft): Promise<PullRequestRecord> {
    return this.exclusively(async () => {
      const branches = await this.git.branches();
      const baseSha = branches.get(draft.base);
      const headSha = branches.get(draft.head);
      if (headSha === undefined) throw invalidBranch('head');
      if (baseSha === undefined) throw invalidBranch('base');
      await this.requireNewCommits(draft.base, draft.head, baseSha, headSha);
      this.requireNoDuplicate(draft.base, draft.head);
      const now = timestamp();
      const record: PullRequestRecord = {
        ...draft,
        number: this.records.length + 1,
        state: 'open',
        merged: false,
        headSha,
        baseSha,
        createdAt: now,
        updatedAt: now,
        comments: [],
        draft: draft.draft ?? false,
        ...{ labels: [], assignees: [], reviewers: [], teams: [], reviewRequests: [] },
      };
      this.records.push(record);
      await this.git.updateRef(`refs/pull/${record.number}/head`, headSha);
      await this.save();
      return record;
    });
  }

  /** @param by who changes it */
  async updatePullRequest(number: number, change: PullRequestChange, by: string): Promise<PullRequestRecord> {
    return this.exclusively(async () => {
      const record = this.pullRequest(number);
      if (change.state === 'open' && record.state === 'closed') await this.reopen(record);
      if (change.state === 'closed' && record.state === 'open') close(record, by);
      record.title = change.title ?? record.title;
      record.body = change.body ?? record.body;
      record.updatedAt = timestamp();
      await this.save();
      return record;
    });
  }

  /** Changes what a pull request has besides its texts and branches. */
  async decorate<T>(number: number, change: (record: PullRequestRecord) => T): Promise<T> {
    return this.exclusively(async () => {
      const record = this.pullRequest(number);
      const result = change(record);
      record.updatedAt = timestamp();
      await this.save();
      return result;
    });
  }

  async comment(number: number, body: string, author: string): Promise<CommentRecord> {
    return this.exclusively(async () => {
      const record = this.pullRequest(number);
      const id = number * 10_000 + record.comments.length + 1;
      const comment = { id, body, createdAt: timestamp(), author };
      record.comments.push(comment);
      record.updatedAt = comment.createdAt;
      await this.save();
      return comment;
    });
  }

  /** @throws Refusal 404 */
  async editComment(
    id: number,
    body: string,
  ): Promise<{ readonly number: number; readonly comment: CommentRecord }> {
    return this.exclusively(async () => {
      for (const { number, comments } of this.records) {
        const comment = comments.find((each) => each.id === id);
        if (comment === undefined) continue;
        comment.body = body;
        await this.save();
        return { number, comment };
      }
      throw notFound();
    });
  }

  /**
   * Merges as GitHub's button does; the branch stays.
   * @param by who merges it
   * @param expectedHead reject if the pull request's head is another commit
   */
  async merge(
    number: number,
    by: string,
    { expectedHead, method }: MergeRequest = {},
  ): Promise<PullRequestRecord> {
    return this.exclusively(async () => {
      const record = this.pullRequest(number);
      if (record.state !== 'open') throw new Refusal(405, 'Pull Request is not mergeable');
      await this.followBranches();
      if (expectedHead !== undefined && expectedHead !== record.headSha) {
        throw new Refusal(409, 'Head branch was modified. Review and try the merge again.');
      }
      if (record.draft) throw new Refusal(405, 'Pull Request is still a draft');
      const message = `Merge pull request #${number} from ${this.owner}/${record.head}\n\n${record.title}`;
      const commit =
        method === 'squash'
          ? await this.git.createSquash(record.baseSha, record.headSha, `${record.title} (#${number})`)
          : await this.git.createMerge(record.baseSha, record.headSha, message);
      if (commit === undefined) throw new Refusal(405, 'Pull Request is not mergeable');
      const obstacle = this.obstacle(record);
      if (obstacle !== undefined) throw new Refusal(405, obstacle);
      await this.git.updateRef(`refs/heads/${record.base}`, commit, record.baseSha);
      record.mergeCommit = commit;
      record.merged = true;
      close(record, by);
      await this.save();
      return record;
    });
  }

  /** Why its required checks do not let it be merged yet, in GitHub's words. */
  obstacle({ base, headSha, state }: PullRequestRecord): string | undefined {
    if (state !== 'open') return undefined;
    return this.checks.obstacle(headSha, this.requiredChecks.of(base));
  }

  /** Must be called after branches may have moved. @returns the branches that moved since the last call */
  async branchesMoved(): Promise<readonly BranchChange[]> {
    return this.exclusively(async () => {
      const before = this.known;
      const after = await this.followBranches();
      this.known = after;
      const names = [...new Set([...before.keys(), ...after.keys()])];
      return names
        .filter((name) => before.get(name) !== after.get(name))
        .map((branch) => ({
          branch,
          ...present('before', before.get(branch)),
          ...present('after', after.get(branch)),
        }));
    });
  }

  /** Open pull requests follow their branches; one whose branch is deleted or has no own commits closes. */
  private async followBranches(): Promise<ReadonlyMap<string, string>> {
    const branches = await this.git.branches();
    let changed = false;
    for (const record of this.records.filter(({ state }) => state === 'open')) {
      const headSha = branches.get(record.head);
      const baseSha = branches.get(record.base);
      if (headSha === record.headSha && baseSha === record.baseSha) continue;
      changed = true;
      if (headSha === undefined || baseSha === undefined) {
        close(record);
        continue;
      }
      if (headSha !== record.headSha) await this.git.updateRef(`refs/pull/${record.number}/head`, headSha);
      if ((await this.git.commitsBetween(baseSha, headSha)) === 0) {
        // Someone pushed the head's commits to the base (merged), or reset the head to the base (closed).
        record.merged = headSha === record.headSha;
        close(record);
        continue;
      }
      // A base that moves does not change a pull request on GitHub.
      if (headSha !== record.headSha) record.updatedAt = timestamp();
      Object.assign(record, { headSha, baseSha });
    }
    if (changed) await this.save();
    return branches;
  }

  private async reopen(record: PullRequestRecord): Promise<void> {
    const branches = await this.git.branches();
    const headSha = branches.get(record.head);
    const baseSha = branches.get(record.base);
    if (record.merged || headSha === undefined || baseSha === undefined) {
      throw validationFailed({
        resource: 'PullRequest',
        field: 'state',
        code: 'custom',
        message: 'state cannot be changed. The pull request cannot be reopened.',
      });
    }
    await this.requireNewCommits(record.base, record.head, baseSha, headSha);
    this.requireNoDuplicate(record.base, record.head);
    record.state = 'open';
    delete record.closedAt;
    delete record.endedBy;
    Object.assign(record, { headSha, baseSha });
  }

  private async requireNewCommits(
    base: string,
    head: string,
    baseSha: string,
    headSha: string,
  ): Promise<void> {
    if ((await this.git.commitsBetween(baseSha, headSha)) > 0) return;
    throw validationFailed({
      resource: 'PullRequest',
      code: 'custom',
      message: `No commits between ${base} and ${head}`,
    });
  }

  private requireNoDuplicate(base: string, head: string): void {
    const open = this.records.some(
      (other) => other.state === 'open' && other.base === base && other.head === head,
    );
    if (!open) return;
    throw validationFailed({
      resource: 'PullRequest',
      code: 'custom',
      message: `A pull request already exists for ${this.owner}:${head}.`,
    });
  }

  private async save(): Promise<void> {
    await savePullRequests(this.recordsFile, this.records);
  }

  private async exclusively<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.queue.then(work);
    this.queue = turn.catch(() => undefined);
    return turn;
  }
}

/** @param by absent for a push, which ends it by itself */
function close(record: PullRequestRecord, by?: string): void {
  const now = timestamp();
  const end = by === undefined ? {} : { endedBy: by };
  Object.assign(record, { state: 'closed', closedAt: now, updatedAt: now, ...end });
}

function invalidBranch(field: 'head' | 'base'): Refusal {
  return validationFailed({ resource: 'PullRequest', field, code: 'invalid' });
}

function present<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, string>);
}
