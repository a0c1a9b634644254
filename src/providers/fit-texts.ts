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
    title: cut(texts.title, limits.title, ellipsis),
    body: cut(texts.body, limits.body, cutNotice),
  };
}

function cut(text: string, limit: number, notice: string): string {
  if (text.length <= limit) return text;
  // The provider would reject half of a surrogate pair, or convert it.
  const head = text.slice(0, limit - notice.length).replace(/[\uD800-\uDBFF]$/, '');
  return head + notice;
}
