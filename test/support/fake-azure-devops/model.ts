/** What the fake keeps: repositories with their branches, pull requests, statuses and policies, all in memory. */
import { createHash } from 'node:crypto';

/** The user whose token the fake accepts. */
export const tokenUser = 'windlass-bot@example.com';

export interface CommitRecord {
  readonly id: string;
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
}

export interface StatusRecord {
  readonly id: number;
  readonly state: string;
  readonly description: string | undefined;
  readonly targetUrl: string | undefined;
  readonly name: string;
  readonly genre: string;
  readonly iterationId: number | undefined;
}

export interface CommentRecord {
  readonly id: number;
  content: string;
  readonly author: string;
}

export interface ThreadRecord {
  readonly id: number;
  readonly status: string;
  readonly comments: CommentRecord[];
}

export interface CompletionOptions {
  readonly mergeStrategy?: string | undefined;
  readonly deleteSourceBranch?: boolean | undefined;
}

export interface PullRequestRecord {
  readonly id: number;
  title: string;
  description: string;
  status: 'active' | 'abandoned' | 'completed';
  readonly source: string;
  readonly target: string;
  readonly isFork: boolean;
  readonly isDraft: boolean;
  mergeStatus: string;
  /** The source commits that were pushed, the last one at the end: each begins an iteration, numbered from 1. */
  readonly iterations: string[];
  end?: { readonly by: string; readonly at: number };
  /** Asked for, and not done yet. */
  completing?: CompletionOptions;
  readonly threads: ThreadRecord[];
  readonly statuses: StatusRecord[];
  readonly labels: string[];
  readonly reviewers: { readonly name: string; vote: number }[];
  /** Builds that policies require. */
  readonly builds: { readonly status: string; readonly isBlocking: boolean }[];
}

export interface PolicyRecord {
  readonly type: string;
  readonly target: string;
  readonly isEnabled: boolean;
  readonly isBlocking: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
}

export const statusPolicy = 'cbdc66da-9728-4af8-aada-9a5a32e4a226';
export const mergeTypesPolicy = 'fa4e907d-c16b-4a4c-9dfa-4916e5d171ab';
export const buildPolicy = '0609b952-1397-4640-95ec-e00a01b2c241';

/** Who pushes where a test does not say. */
const someone: CommitRecord['author'] = { name: 'Some One', email: 'some-one@example.com' };

export class Repository {
  readonly id: string;
  readonly projectId: string;
  readonly branches = new Map<string, readonly CommitRecord[]>([['main', []]]);
  readonly pullRequests: PullRequestRecord[] = [];
  readonly commitStatuses = new Map<string, StatusRecord[]>();
  readonly policies: PolicyRecord[] = [];
  /** Branches that the token's user may not complete pull requests into. */
  readonly closedToMerges = new Set<string>();
  /** How many parents the newest commit of `main` has. */
  parentsOfMain = 0;
  private ids = 0;

  constructor(
    readonly project: string,
    readonly name: string,
  ) {
    this.id = guidOf(`${project}/${name}`);
    this.projectId = guidOf(project);
  }

  /** A commit on a branch, which the open pull requests of the branch follow. @returns the commit's id */
  push(branch: string, author = someone, id = commitId(`${branch} ${this.nextId()}`)): string {
    const message = `Change ${branch}\n\nBecause: it was asked for.\n`;
    this.branches.set(branch, [...(this.branches.get(branch) ?? []), { id, message, author }]);
    for (const each of this.pullRequests) {
      if (each.status === 'active' && each.source === branch && !each.isFork) each.iterations.push(id);
    }
    return id;
  }

  head(branch: string): string | undefined {
    return this.branches.get(branch)?.at(-1)?.id;
  }

  commit(id: string): CommitRecord | undefined {
    return [...this.branches.values()].flat().find((each) => each.id === id);
  }

  open(
    draft: Pick<PullRequestRecord, 'title' | 'description' | 'source' | 'target'> & {
      readonly isDraft?: boolean;
    },
    isFork = false,
  ): PullRequestRecord {
    const record: PullRequestRecord = {
      ...{ isDraft: false, ...draft, id: this.pullRequests.length + 1, status: 'active', isFork },
      ...{ mergeStatus: 'succeeded', iterations: [this.head(draft.source) ?? ''], threads: [], statuses: [] },
      ...{ labels: [], reviewers: [], builds: [] },
    };
    this.pullRequests.push(record);
    return record;
  }

  find(id: number): PullRequestRecord {
    const found = this.pullRequests.find((each) => each.id === id);
    if (found === undefined) throw new Error(`there is no pull request ${id}`);
    return found;
  }

  end(record: PullRequestRecord, status: 'abandoned' | 'completed', by: string): void {
    Object.assign(record, { status, end: { by, at: Date.now() } });
  }

  /** The service's own job, which runs a moment after it was asked for. */
  finishMerges(): void {
    for (const record of this.pullRequests) {
      const { completing } = record;
      if (completing === undefined) continue;
      delete record.completing;
      record.mergeStatus = 'succeeded';
      this.end(record, 'completed', tokenUser);
      this.parentsOfMain =
        completing.mergeStrategy === 'squash' || completing.mergeStrategy === 'rebase' ? 1 : 2;
      if (completing.deleteSourceBranch === true) this.branches.delete(record.source);
    }
  }

  comment(record: PullRequestRecord, content: string, author: string, status = 'active'): ThreadRecord {
    const thread = { id: this.nextId(), status, comments: [{ id: 1, content, author }] };
    record.threads.push(thread);
    return thread;
  }

  addStatus(record: PullRequestRecord, status: Omit<StatusRecord, 'id'>): StatusRecord {
    const added = { ...status, id: this.nextId() };
    record.statuses.push(added);
    return added;
  }

  report(commit: string, name: string, state: string): void {
    const texts = { description: undefined, targetUrl: undefined, iterationId: undefined };
    const status = { ...texts, id: this.nextId(), state, name, genre: 'continuous-integration' };
    this.commitStatuses.set(commit, [...(this.commitStatuses.get(commit) ?? []), status]);
  }

  nextId(): number {
    this.ids += 1;
    return this.ids;
  }
}

export function guidOf(text: string): string {
  const hex = createHash('sha1').update(text.toLowerCase()).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}

function commitId(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}
