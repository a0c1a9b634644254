/** What the fake keeps: projects with their branches, merge requests and commit statuses, all in memory. */
import { createHash } from 'node:crypto';
import { type GitCommit } from '../../../demo/forge/bare-repository';

/** The user whose token the fake accepts. */
export const tokenUser = 'windlass-bot';

export interface NoteRecord {
  readonly id: number;
  body: string;
  readonly author: string;
}

export interface MergeRequestRecord {
  readonly iid: number;
  title: string;
  description: string;
  state: 'opened' | 'closed' | 'merged';
  readonly sourceBranch: string;
  readonly targetBranch: string;
  readonly sourceProject: number;
  sha: string;
  /** Milliseconds since the epoch. */
  updatedAt: number;
  /** Who merged or closed it, and when. */
  end?: { readonly by: string; readonly at: number };
  /** `mergeable`, or why it is not: https://docs.gitlab.com/api/merge_requests/#merge-status */
  mergeStatus: string;
  /** Known only after someone asked for a check of the merge. */
  conflicts: 'none' | 'not-looked-for' | 'found';
  readonly notes: NoteRecord[];
  labels: readonly string[];
  /** User names. */
  reviewers: readonly string[];
  assignees: readonly string[];
  /** The boxes beside the merge button. */
  squash: boolean;
  removeSourceBranch: boolean;
  /** Its place on a merge train: https://docs.gitlab.com/api/merge_trains/#retrieve-merge-train-status */
  train?: 'idle' | 'fresh' | 'merged';
}

type Preset = Pick<MergeRequestRecord, 'squash' | 'removeSourceBranch'>;

export interface StatusRecord {
  readonly id: number;
  readonly sha: string;
  readonly pipeline: number;
  readonly name: string;
  readonly author: string;
  readonly allowFailure: boolean;
  status: string;
  description: string | undefined;
  targetUrl: string | undefined;
}

/** Who pushes where a test does not say. */
const someone: GitCommit['author'] = { name: 'Some One', email: 'some-one@example.com' };

export class Project {
  readonly branches = new Set(['main']);
  readonly mergeRequests: MergeRequestRecord[] = [];
  readonly statuses: StatusRecord[] = [];
  /** Of each commit, the newest last. */
  readonly pipelines = new Map<string, number[]>();
  /** The setting "Pipelines must succeed". */
  onlyMergesAfterPipelines = false;
  /** The commits that a branch has and its target lacks, the oldest first. */
  commitsBetween: (source: string, target: string) => Promise<readonly GitCommit[]> = (source) =>
    Promise.resolve(this.pushed.get(source) ?? []);
  /** Users who can see the project; others are no reviewers and no assignees. */
  readonly members = new Set([tokenUser, 'ada', 'grace']);
  /** Without it, a merge request has one reviewer and one assignee: the first. */
  isPremium = true;
  /** The setting "Enable merge trains". */
  hasMergeTrains = false;
  /** The setting "Squash commits when merging": whether merge requests are opened with it. */
  squashesByDefault = false;
  /** Whether what was merged last was made one commit. */
  isSquashed = false;
  /** Branches that the token's user may not merge into. */
  readonly closedToMerges = new Set<string>();
  private readonly heads = new Map<string, string>();
  private readonly pushed = new Map<string, readonly GitCommit[]>();
  private opened = 0;
  private ids = 0;
  private lastChange = 0;

  constructor(
    readonly id: number,
    readonly path: string,
  ) {}

  /** @param sourceProject a fork's id, when the branch is there */
  open(
    draft: Pick<MergeRequestRecord, 'title' | 'description' | 'sourceBranch' | 'targetBranch'> &
      Partial<Preset>,
    sourceProject = this.id,
  ): MergeRequestRecord {
    this.opened += 1;
    const record: MergeRequestRecord = {
      ...{
        squash: this.squashesByDefault,
        removeSourceBranch: false,
        labels: [],
        reviewers: [],
        assignees: [],
      },
      ...draft,
      iid: this.opened,
      state: 'opened',
      sourceProject,
      sha: this.head(draft.sourceBranch),
      updatedAt: this.now(),
      mergeStatus: 'mergeable',
      conflicts: 'none',
      notes: [],
    };
    this.mergeRequests.push(record);
    return record;
  }

  find(iid: number): MergeRequestRecord {
    const found = this.mergeRequests.find((each) => each.iid === iid);
    if (found === undefined) throw new Error(`there is no !${iid}`);
    return found;
  }

  delete(iid: number): void {
    this.mergeRequests.splice(this.mergeRequests.indexOf(this.find(iid)), 1);
  }

  /** A commit on a branch, which its open merge requests follow. @returns the commit's id */
  push(branch: string, commit = commitId(`${branch} ${this.nextId()}`), author = someone): string {
    this.branches.add(branch);
    this.heads.set(branch, commit);
    const record = { id: commit, message: `Change ${branch}\n`, author, committer: author };
    this.pushed.set(branch, [...(this.pushed.get(branch) ?? []), record]);
    const following = this.mergeRequests.filter(
      (each) => each.state === 'opened' && each.sourceBranch === branch && each.sourceProject === this.id,
    );
    for (const each of following) Object.assign(each, { sha: commit, updatedAt: this.now() });
    return commit;
  }

  head(branch: string): string {
    return this.heads.get(branch) ?? commitId(branch);
  }

  hasCommit(commit: string): boolean {
    return [...this.branches].some((branch) => this.head(branch) === commit);
  }

  end(record: MergeRequestRecord, state: 'closed' | 'merged', by: string): void {
    Object.assign(record, { state, updatedAt: this.now() });
    record.end = { by, at: record.updatedAt };
  }

  merge(record: MergeRequestRecord, manner: Partial<Preset>): void {
    this.end(record, 'merged', tokenUser);
    this.isSquashed = manner.squash ?? record.squash;
    if (manner.removeSourceBranch ?? record.removeSourceBranch) this.branches.delete(record.sourceBranch);
  }

  /** Replaces the list, and leaves out whom GitLab leaves out. */
  assign(record: MergeRequestRecord, role: 'reviewers' | 'assignees', names: readonly string[]): void {
    const allowed = names.filter((name) => this.members.has(name));
    record[role] = this.isPremium ? allowed : allowed.slice(0, 1);
  }

  note(record: MergeRequestRecord, body: string, author: string): NoteRecord {
    const note = { id: this.nextId(), body, author };
    record.notes.push(note);
    record.updatedAt = this.now();
    return note;
  }

  /** A pipeline of a commit, besides the one that the first status makes. */
  startPipeline(commit: string): number {
    const id = this.nextId();
    this.pipelines.set(commit, [...(this.pipelines.get(commit) ?? []), id]);
    return id;
  }

  newestPipeline(commit: string): number {
    return this.pipelines.get(commit)?.at(-1) ?? this.startPipeline(commit);
  }

  addStatus(status: Omit<StatusRecord, 'id' | 'pipeline'>): StatusRecord {
    const record = { ...status, id: this.nextId(), pipeline: this.newestPipeline(status.sha) };
    this.statuses.push(record);
    return record;
  }

  /** Of its newest pipeline; undefined where it has none. */
  pipelineState(commit: string): 'success' | 'pending' | 'failed' | undefined {
    const newest = this.pipelines.get(commit)?.at(-1);
    if (newest === undefined) return undefined;
    const states = this.latestStatuses(commit)
      .filter(({ pipeline, allowFailure }) => pipeline === newest && !allowFailure)
      .map(({ status }) => status);
    if (states.includes('failed') || states.includes('canceled')) return 'failed';
    return states.every((status) => ['success', 'skipped'].includes(status)) ? 'success' : 'pending';
  }

  /** The statuses that no later one in their pipeline has replaced. */
  latestStatuses(commit: string): readonly StatusRecord[] {
    return this.statuses.filter(
      (each, index) =>
        each.sha === commit &&
        !this.statuses
          .slice(index + 1)
          .some((later) => later.name === each.name && later.pipeline === each.pipeline),
    );
  }

  /** The open one that stands in the way of another for the same branches. */
  similarOpen(sourceBranch: string, targetBranch: string): MergeRequestRecord | undefined {
    return this.mergeRequests.find(
      (each) =>
        each.state === 'opened' &&
        each.sourceProject === this.id &&
        each.sourceBranch === sourceBranch &&
        each.targetBranch === targetBranch,
    );
  }

  /** Later than every change before. */
  now(): number {
    this.lastChange = Math.max(Date.now(), this.lastChange + 1);
    return this.lastChange;
  }

  private nextId(): number {
    this.ids += 1;
    return this.ids;
  }
}

function commitId(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}
