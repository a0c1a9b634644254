/** What the fake keeps: projects with their branches and merge requests, all in memory. */

export interface MergeRequestRecord {
  readonly iid: number;
  title: string;
  description: string;
  state: 'opened' | 'closed';
  readonly sourceBranch: string;
  readonly targetBranch: string;
  readonly sourceProject: number;
  readonly notes: string[];
}

export class Project {
  readonly branches = new Set(['main']);
  readonly mergeRequests: MergeRequestRecord[] = [];

  constructor(
    readonly id: number,
    readonly path: string,
  ) {}

  /** @param sourceProject a fork's id, when the branch is there */
  open(
    draft: Pick<MergeRequestRecord, 'title' | 'description' | 'sourceBranch' | 'targetBranch'>,
    sourceProject = this.id,
  ): MergeRequestRecord {
    const record: MergeRequestRecord = {
      ...draft,
      iid: this.mergeRequests.length + 1,
      state: 'opened',
      sourceProject,
      notes: [],
    };
    this.mergeRequests.push(record);
    return record;
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
}
