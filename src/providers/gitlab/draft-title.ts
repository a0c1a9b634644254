/** The beginnings of a title by which GitLab knows drafts: https://docs.gitlab.com/user/project/merge_requests/drafts/ */
const prefixes = /^(?:\s*(?:draft:|\[draft\]|\(draft\)))+\s*/i;

/** The one that GitLab itself adds. */
const prefix = 'Draft: ';

/** How much shorter a title has to be, in UTF-16 code units. */
export const draftRoom = prefix.length;

export function withoutDraft(title: string): string {
  return title.replace(prefixes, '');
}

export function asDraft(title: string): string {
  return `${prefix}${withoutDraft(title)}`;
}

export function isDraft(title: string): boolean {
  return prefixes.test(title);
}
