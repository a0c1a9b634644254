/** What a Pipeline may say of its pull requests' titles and bodies. */
import { messageVariables, type MessageFacts } from './commit-message';
import { fillTemplate, hasVariable, templateFault } from './text-template';

export type TitleFacts = MessageFacts;

/** Markdown but for the facts of the title. */
export interface BodyFacts extends TitleFacts {
  /** What the environment has today. */
  readonly previous: string;
  /** The list of changed lines. */
  readonly changes: string;
  /** All that Windlass writes where there is no template. */
  readonly body: string;
}

/**
 * A title is filled again in later attempts, and the pull request for a version is known by it: so it holds nothing that the
 * repository says, such as the previous version.
 */
const titleVariables = messageVariables;
const bodyVariables: readonly string[] = [
  ...titleVariables,
  ...Object.keys({ previous: '', changes: '', body: '' } satisfies Omit<BodyFacts, keyof TitleFacts>),
];

export const longestTitleTemplate = 200;
export const longestBodyTemplate = 10_000;

/** The prefixes by which services know drafts: https://docs.gitlab.com/user/project/merge_requests/drafts/ */
const draftPrefix = /^\s*(draft:|wip:|\[(draft|wip)\]|\((draft|wip)\))/i;

/** @returns why the text is no template, as the end of a sentence; undefined for one that is */
export function titleTemplateFault(template: string): string | undefined {
  const rules = { variables: titleVariables, maxLength: longestTitleTemplate, oneLine: true };
  const fault = templateFault(template, rules);
  if (fault !== undefined) return fault;
  if (!hasVariable(template, 'version'))
    return 'must have {version} in it: a pull request for a version is known by its title';
  return draftPrefix.test(template) ? 'begins as the title of a draft: set draft: true instead' : undefined;
}

/** @param template one without a fault */
export function fillTitle(template: string, facts: TitleFacts): string {
  return fillTemplate(template, { ...facts });
}

/** @returns why the text is no template, as the end of a sentence; undefined for one that is */
export function bodyTemplateFault(template: string): string | undefined {
  return templateFault(template, { variables: bodyVariables, maxLength: longestBodyTemplate });
}

/** @param template one without a fault */
export function fillBody(template: string, { changes, body, ...plain }: BodyFacts): string {
  const safe = Object.entries(plain).map(([name, value]) => [name, withoutMarkup(value)] as const);
  return fillTemplate(template, { ...Object.fromEntries(safe), changes, body });
}

/** Whether a body by this template has the warnings for the reviewer in it. */
export function showsWarnings(template: string): boolean {
  return hasVariable(template, 'body');
}

/**
 * Names and versions as they are; any other text as a code span. It comes from outside, and the template is someone else's
 * Markdown: no link, mention or table may come with it.
 */
function withoutMarkup(text: string): string {
  return /^[A-Za-z0-9]+(?:(?:[ ._+@:/-]|--)[A-Za-z0-9]+)*$/.test(text)
    ? text
    : `\`${text.replace(/[`|\r\n]/g, "'") || '(empty)'}\``;
}
