/**
 * Gitea has no field to make a draft of a pull request: one is a draft because of how its title begins. The web page does
 * the same. https://docs.gitea.com/usage/pull-request#work-in-progress-pull-requests
 */
const prefix = 'WIP: ';
/** Gitea's own; an administrator can choose others (`WORK_IN_PROGRESS_PREFIXES`), which stay a part of the title. */
const prefixes = /^(WIP:|\[WIP\])[ \t]*/i;

/** How much of a title's length it takes. */
export const draftPrefixLength = prefix.length;

/** The title that opens a draft. */
export function draftTitle(title: string): string {
  return prefix + title;
}

/** The title without what makes a draft of it. */
export function plainTitle({ title, draft }: { readonly title: string; readonly draft: boolean }): string {
  return draft ? title.replace(prefixes, '') : title;
}

/** What makes a draft of it; empty where it is none. */
export function draftPrefix({ title, draft }: { readonly title: string; readonly draft: boolean }): string {
  return draft ? (prefixes.exec(title)?.[0] ?? '') : '';
}
