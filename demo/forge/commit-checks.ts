import { timestamp } from './pull-request-record';

/** What others say of a commit. In memory: a restart of the forge forgets it. */
export interface StatusRecord {
  readonly id: number;
  readonly state: 'error' | 'failure' | 'pending' | 'success';
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly createdAt: string;
}

export interface CheckRunRecord {
  readonly id: number;
  readonly name: string;
  readonly status: 'queued' | 'in_progress' | 'completed';
  readonly conclusion: string | null;
}

/** The statuses and check runs of a repository's commits, by commit id. */
export class CommitChecks {
  private readonly statuses = new Map<string, StatusRecord[]>();
  private readonly runs = new Map<string, CheckRunRecord[]>();
  private ids = 0;

  addStatus(commit: string, status: Omit<StatusRecord, 'id' | 'createdAt'>): StatusRecord {
    const record = { ...status, id: this.nextId(), createdAt: timestamp() };
    this.statuses.set(commit, [record, ...this.allStatuses(commit)]);
    return record;
  }

  /** Every status that was set, newest first. */
  allStatuses(commit: string): readonly StatusRecord[] {
    return this.statuses.get(commit) ?? [];
  }

  /** The last status of each context; GitHub ignores their case. */
  latestStatuses(commit: string): readonly StatusRecord[] {
    const all = this.allStatuses(commit);
    const key = ({ context }: StatusRecord): string => context.toLowerCase();
    return all.filter((each, index) => all.findIndex((other) => key(other) === key(each)) === index);
  }

  /** Sets a check run by its name, as an app does that runs it again. */
  setRun(commit: string, run: Omit<CheckRunRecord, 'id'>): void {
    const others = this.checkRuns(commit).filter(({ name }) => name !== run.name);
    this.runs.set(commit, [...others, { ...run, id: this.nextId() }]);
  }

  checkRuns(commit: string): readonly CheckRunRecord[] {
    return this.runs.get(commit) ?? [];
  }

  /** What a merge has to wait for of these, in GitHub's words; undefined: they have passed. */
  obstacle(commit: string, required: readonly string[]): string | undefined {
    const open = required.filter((context) => this.verdict(commit, context) !== 'successful');
    const [first] = open;
    if (first === undefined) return undefined;
    if (open.length > 1) return `${open.length} of ${required.length} required status checks are expected.`;
    return `Required status check "${first}" is ${this.verdict(commit, first)}.`;
  }

  private verdict(commit: string, required: string): 'successful' | 'expected' | 'pending' | 'failing' {
    const isSame = (name: string): boolean => name.toLowerCase() === required.toLowerCase();
    const status = this.latestStatuses(commit).find(({ context }) => isSame(context))?.state;
    const run = this.checkRuns(commit).find(({ name }) => isSame(name));
    const state = status ?? (run === undefined ? undefined : (run.conclusion ?? 'pending'));
    if (state === undefined) return 'expected';
    if (['success', 'neutral', 'skipped'].includes(state)) return 'successful';
    return state === 'pending' ? 'pending' : 'failing';
  }

  private nextId(): number {
    this.ids += 1;
    return this.ids;
  }
}
