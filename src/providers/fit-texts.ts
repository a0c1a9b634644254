import { type TextLimits } from './port';

interface Texts {
  readonly title: string;
  readonly body: string;
}

const ellipsis = '…';
const cutNotice = '\n\n… (truncated: longer than the provider allows)';

/** Truncates title and body to the provider's limits, with a notice. */
export function fitTexts<T extends Texts>(texts: T, limits: TextLimits): T {
  return {
    ...texts,
    title: fitLine(texts.title, limits.title),
    body: fitBody(texts.body, limits.body),
  };
}

/** Truncates one line. @param limit UTF-16 code units */
export function fitLine(text: string, limit: number): string {
  return cut(text, limit, ellipsis);
}

/** Truncates Markdown, with a notice. @param limit UTF-16 code units */
export function fitBody(text: string, limit: number): string {
  return cut(text, limit, cutNotice);
}

function cut(text: string, limit: number, notice: string): string {
  if (text.length <= limit) return text;
  // The provider would reject half of a surrogate pair, or convert it.
  const head = text.slice(0, limit - notice.length).replace(/[\uD800-\uDBFF]$/, '');
  return head + notice;
}
