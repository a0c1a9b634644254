/** What the fake keeps: repositories with their branches, pull requests, statuses and restrictions, all in memory. */
import { createHash } from 'node:crypto';
import { type GitCommit } from '../../../demo/forge/bare-repository';

export interface User {
  readonly uuid: string;
  readonly account_id: string;
  readonly nickname: string;
  readonly display_name: string;
}

export interface CommentRecord {
  readonly id: number;
  raw: string;
  readonly by: User;
  deleted: boolean;
}

export interface PullRequestRecord {
  readonly id: number;
  title: string;
  description: string;
  state: 'OPEN' | 'QUEUED' | 'MERGED' | 'DECLINED' | 'SUPERSEDED';
  draft: boolean;
  readonly source: string;
  readonly destination: string;
  /** `full_name` of the source's repository. */
  readonly from: string;
  head: string;
  closeSourceBranch: boolean;
  reviewers: User[];
  readonly author: User;
  readonly createdOn: number;
  updatedOn: number;
  closedBy?: User;
  conflicts: boolean;
  readonly comments: CommentRecord[];
}

export interface StatusRecord {
  readonly commit: string;
  readonly key: string;
  readonly name: string;
  readonly state: 'SUCCESSFUL' | 'FAILED' | 'INPROGRESS' | 'STOPPED';
  readonly description: string;
  readonly url: string;
}

export interface RestrictionRecord {
  readonly kind: string;
  readonly branch_match_kind: 'glob' | 'branching_model';
  readonly pattern: string;
  readonly value: number | null;
}

/** Who pushes where a test does not say. */
const someone: GitCommit['author'] = { name: 'Some One', email: 'some-one@example.com' };

export function userCalled(nickname: string): User {
  const hex = createHash('sha1').update(nickname).digest('hex');
  const id = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join('-');
  return {
    ...{ uuid: `{${id}}`, account_id: `712020:${id}`, nickname, display_name: `The ${nickname}` },
  };
}

/** The user whose token the fake accepts. */
export const tokenUser = userCalled('windlass-bot');

export class Repository {
  readonly branches = new Map([['main', commitId('main')]]);
  readonly parents = new Map<string, number>();
  readonly pullRequests: PullRequestRecord[] = [];
  readonly statuses: StatusRecord[] = [];
  restrictions: RestrictionRecord[] = [];
  mergeStrategies = ['merge_commit', 'squash', 'fast_forward'];
  /** How often a merge is still going on when someone looks; 0: it is done before its answer. */
  slowness = 0;
  readonly #commits = new Map<string, readonly GitCommit[]>();
  #ids = 0;
  #lastChange = 0;

  constructor(readonly fullName: string) {}

  find(id: number): PullRequestRecord {
    const found = this.pullRequests.find((each) => each.id === id);
    if (found === undefined) throw new Error(`there is no #${id}`);
    return found;
  }

  openBetween(source: string, destination: string): PullRequestRecord | undefined {
    return this.pullRequests.find(
      (each) =>
        each.state === 'OPEN' &&
        each.source === source &&
        each.destination === destination &&
        each.from === this.fullName,
    );
  }

  open(
    wanted: Pick<PullRequestRecord, 'title' | 'description' | 'source' | 'destination'> &
      Partial<PullRequestRecord>,
  ): PullRequestRecord {
    const at = this.now();
    const record: PullRequestRecord = {
      ...{ state: 'OPEN', draft: false, from: this.fullName, head: this.branches.get(wanted.source) ?? '' },
      ...{ closeSourceBranch: false, reviewers: [], author: tokenUser, conflicts: false, comments: [] },
      ...{ createdOn: at, updatedOn: at },
      ...wanted,
      id: this.pullRequests.length + 1,
    };
    this.pullRequests.push(record);
    return record;
  }

  /** A commit on a branch, which its open pull requests follow. @returns the commit's id */
  push(branch: string, author = someone): string {
    const id = commitId(`${branch} ${this.nextId()}`);
    const commit = { id, message: `Change ${branch}\n`, author, committer: author };
    this.#commits.set(branch, [...this.commitsOn(branch), commit]);
    this.moveTo(branch, id);
    return id;
  }

  moveTo(branch: string, commit: string): void {
    this.branches.set(branch, commit);
    for (const each of this.pullRequests)
      if (each.state === 'OPEN' && each.source === branch && each.from === this.fullName)
        Object.assign(each, { head: commit, updatedOn: this.now() });
  }

  /** The oldest first. */
  commitsOn(branch: string): readonly GitCommit[] {
    return this.#commits.get(branch) ?? [];
  }

  /** By its whole id, or by the beginning of it. */
  commit(id: string): string | undefined {
    const pushed = [...this.#commits.values()].flat().map((each) => each.id);
    return [...pushed, ...this.branches.values()].find((each) => each.startsWith(id));
  }

  end(record: PullRequestRecord, state: 'MERGED' | 'DECLINED', by: User): void {
    Object.assign(record, { state, updatedOn: this.now(), closedBy: by });
  }

  merge(record: PullRequestRecord, strategy: string, closeSourceBranch: boolean, by: User): void {
    this.end(record, 'MERGED', by);
    const id = commitId(`merge ${record.id}`);
    this.branches.set(record.destination, id);
    this.parents.set(id, strategy === 'merge_commit' ? 2 : 1);
    if (closeSourceBranch) this.branches.delete(record.source);
  }

  comment(record: PullRequestRecord, raw: string, by: User): CommentRecord {
    const comment = { id: this.nextId(), raw, by, deleted: false };
    record.comments.push(comment);
    record.updatedOn = this.now();
    return comment;
  }

  /** One of the same key takes the place of the last one. */
  setStatus(status: StatusRecord): void {
    const { commit, key } = status;
    const index = this.statuses.findIndex((each) => each.commit === commit && each.key === key);
    this.statuses.splice(index < 0 ? this.statuses.length : index, index < 0 ? 0 : 1, status);
  }

  /** What keeps a commit from being merged into a branch where the merge checks are enforced. */
  unmetBuilds(commit: string, branch: string): boolean {
    const on = (kind: string) =>
      this.restrictions.find((each) => each.kind === kind && each.pattern === branch);
    if (on('enforce_merge_checks') === undefined) return false;
    const needed = on('require_passing_builds_to_merge')?.value ?? 0;
    const states = this.statuses.filter((each) => each.commit === commit).map(({ state }) => state);
    const passed = states.filter((state) => state === 'SUCCESSFUL').length;
    return needed > 0 && (passed < needed || passed < states.length);
  }

  /** Later than every change before. */
  now(): number {
    this.#lastChange = Math.max(Date.now(), this.#lastChange + 1);
    return this.#lastChange;
  }

  nextId(): number {
    this.#ids += 1;
    return this.#ids;
  }
}

function commitId(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}
