/** Where a repository's settings require a check: https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository */
export type Requirement = 'protection' | 'ruleset';

/** The checks that have to pass before a merge into a branch. In memory: a restart of the forge forgets them. */
export class RequiredChecks {
  private readonly byBranch = new Map<string, { readonly by: Requirement; readonly context: string }[]>();

  require(branch: string, context: string, by: Requirement = 'protection'): void {
    this.byBranch.set(branch, [...(this.byBranch.get(branch) ?? []), { by, context }]);
  }

  /** @param by absent: wherever it is required */
  of(branch: string, by?: Requirement): readonly string[] {
    const required = (this.byBranch.get(branch) ?? []).filter((each) => by === undefined || each.by === by);
    return [...new Set(required.map(({ context }) => context))];
  }
}
