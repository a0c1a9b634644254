/** Marks in Markdown that no reader sees, by which Windlass finds its own texts again. */

/** How a service hides them. */
export interface HiddenMarks {
  /** @param text without white space at its ends; see `markable` for text from elsewhere */
  readonly mark: (text: string) => string;
  /** What stands in a text in place of marks that do not belong there. */
  readonly blank: string;
  /** Between a mark and the text beside it. */
  readonly gap: string;
}

/** An HTML comment: hidden by every service that takes HTML. */
export const htmlComments: HiddenMarks = {
  mark: (text) => `<!-- ${text} -->`,
  blank: '<!-- -->',
  gap: '\n',
};

/**
 * A link that nothing refers to, for services that show HTML as text. It cannot interrupt a paragraph, and so needs an empty
 * line before it: https://spec.commonmark.org/0.31.2/#link-reference-definitions
 */
export const linkDefinitions: HiddenMarks = {
  mark: (text) => `[//]: # (${text})`,
  blank: '[//]: # ()',
  gap: '\n\n',
};

/** Any text, encoded so that it cannot end a mark. */
export function markable(text: string): string {
  return encodeURIComponent(text).replace(/[()]/g, (each) => (each === '(' ? '%28' : '%29'));
}
