/** What the fake keeps: repositories with their branches, pull requests and builds, all in memory. */
import { createHash } from 'node:crypto';
import { type GitCommit } from '../../../demo/forge/bare-repository';

/** The user whose token the fake accepts. */
export const tokenUser = 'windlass-bot';

export interface CommentRecord {
  readonly id: number;
  version: number;
  text: string;
  readonly author: string;
}

export interface ActivityRecord {
  readonly id: number;
  readonly action: 'OPENED' | 'RESCOPED' | 'UPDATED' | 'COMMENTED' | 'DECLINED' | 'MERGED';
  readonly user: string;
  readonly createdDate: number;
  readonly comment?: CommentRecord;
}

export interface PullRequestRecord {
  readonly id: number;
  version: number;
  title: string;
  description: string;
  state: 'OPEN' | 'MERGED' | 'DECLINED';
  draft: boolean;
  /** Branches, without `refs/heads/`. */
  readonly from: string;
  readonly to: string;
  /** The repository of `from`, where it is a fork. */
  readonly fork?: string;
  fromCommit: string;
  readonly createdDate: number;
  updatedDate: number;
  closedDate?: number;
  reviewers: string[];
  isConflicted: boolean;
  /** The oldest first. */
  readonly activities: ActivityRecord[];
}

export interface BuildRecord {
  readonly key: string;
  readonly parent?: string | undefined;
  readonly state: string;
  readonly description: string | undefined;
  readonly url: string;
}

export interface Condition {
  readonly buildParentKeys: readonly string[];
  readonly refMatcher: { readonly id: string; readonly type: { readonly id: string } };
  readonly exemptRefMatcher?: { readonly id: string; readonly type: { readonly id: string } };
}

/** Who pushes where a test does not say. */
const someone: GitCommit['author'] = { name: 'Some One', email: 'some-one@example.com' };

export class BitbucketRepository {
  readonly branches = new Map<string, string>([['main', commitId('main')]]);
  readonly pullRequests: PullRequestRecord[] = [];
  /** Of each commit, by key. */
  readonly builds = new Map<string, Map<string, BuildRecord>>();
  readonly conditions: Condition[] = [];
  readonly users = new Set<string>([tokenUser]);
  readonly groups = new Map<string, readonly string[]>();
  /** The enabled merge strategies; the first one is the default. */
  strategies: readonly string[] = ['no-ff', 'squash'];
  isArchived = false;
  /** How many parents the newest commit of `main` has. */
  parentsOfMain = 1;
  private readonly pushed = new Map<string, readonly GitCommit[]>();
  private ids = 0;
  private lastChange = 0;

  constructor(
    readonly project: string,
    readonly slug: string,
  ) {}

  open(
    draft: Pick<PullRequestRecord, 'title' | 'description' | 'from' | 'to'> & {
      readonly draft?: boolean;
      readonly fork?: string;
    },
  ): PullRequestRecord {
    const now = this.now();
    const record: PullRequestRecord = {
      ...{ draft: false, ...draft, id: this.pullRequests.length + 1, version: 0, state: 'OPEN' },
      ...{ fromCommit: this.head(draft.from), createdDate: now, updatedDate: now, reviewers: [] },
      ...{ isConflicted: false, activities: [] },
    };
    this.pullRequests.push(record);
    this.act(record, 'OPENED', tokenUser);
    return record;
  }

  find(id: number): PullRequestRecord {
    const found = this.pullRequests.find((each) => each.id === id);
    if (found === undefined) throw new Error(`there is no #${id}`);
    return found;
  }

  /**
   * A commit on a branch, which its open pull requests follow: neither their version nor their date changes, as in the sample
   * of https://confluence.atlassian.com/bitbucketserver/event-payload-938025882.html#Eventpayload-Sourcebranchupdated.
   */
  push(branch: string, author = someone): string {
    const commit = commitId(`${branch} ${this.nextId()}`);
    this.branches.set(branch, commit);
    const record = { id: commit, message: `Change ${branch}\n`, author, committer: author };
    this.pushed.set(branch, [...(this.pushed.get(branch) ?? []), record]);
    for (const each of this.pullRequests) {
      if (each.state !== 'OPEN' || each.from !== branch || each.fork !== undefined) continue;
      each.fromCommit = commit;
      this.act(each, 'RESCOPED', tokenUser);
    }
    return commit;
  }

  head(branch: string): string {
    return this.branches.get(branch) ?? commitId(branch);
  }

  commitsOf(branch: string): readonly GitCommit[] {
    return this.pushed.get(branch) ?? [];
  }

  end(record: PullRequestRecord, state: 'DECLINED' | 'MERGED', user: string): void {
    record.state = state;
    this.changed(record);
    record.closedDate = record.updatedDate;
    this.act(record, state, user);
  }

  changed(record: PullRequestRecord): void {
    record.version += 1;
    record.updatedDate = this.now();
  }

  comment(record: PullRequestRecord, text: string, author: string): CommentRecord {
    const comment = { id: this.nextId(), version: 0, text, author };
    this.act(record, 'COMMENTED', author, comment);
    return comment;
  }

  build(commit: string, build: BuildRecord): void {
    const builds = this.builds.get(commit) ?? new Map<string, BuildRecord>();
    // The last one is the newest.
    builds.delete(build.key);
    builds.set(build.key, build);
    this.builds.set(commit, builds);
  }

  private act(
    record: PullRequestRecord,
    action: ActivityRecord['action'],
    user: string,
    comment?: CommentRecord,
  ): void {
    const activity = { id: this.nextId(), action, user, createdDate: this.now() };
    record.activities.push(comment === undefined ? activity : { ...activity, comment });
  }

  /** Later than every change before. */
  private now(): number {
    this.lastChange = Math.max(Date.now(), this.lastChange + 1);
    return this.lastChange;
  }

  private nextId(): number {
    this.ids += 1;
    return this.ids;
  }
}

export function commentsOf({ activities }: PullRequestRecord): readonly CommentRecord[] {
  return activities.flatMap(({ comment }) => comment ?? []);
}

function commitId(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}
