/** Whom a repository's settings give access. In memory: a restart of the forge forgets them. */
export class People {
  /** Logins. */
  readonly collaborators = new Set<string>();
  /** Slugs of teams of the owner. */
  readonly teams = new Set<string>();

  isCollaborator(login: string): boolean {
    return has(this.collaborators, login);
  }

  isTeam(slug: string): boolean {
    return has(this.teams, slug);
  }
}

/** GitHub ignores the case of names. */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function has(names: ReadonlySet<string>, name: string): boolean {
  return [...names].some((each) => sameName(each, name));
}
