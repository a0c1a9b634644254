import { type TextLimits } from './port';

interface Texts {
  readonly title: string;
  readonly body: string;
}

const ellipsis = '…';
const cutNotice = '\n\n… (cut: longer than the provider takes)';

/** Cuts title and body to what the provider takes, saying so. */
export function fitTexts<T extends Texts>(texts: T, limits: TextLimits): T {
  return {
    ...texts,
    title: cut(texts.title, limits.title, ellipsis),
    body: cut(texts.body, limits.body, cutNotice),
  };
}

function cut(text: string, limit: number, notice: string): string {
  if (text.length <= limit) return text;
  // Half of a surrogate pair would be refused, or turned into another character.
  const head = text.slice(0, limit - notice.length).replace(/[\uD800-\uDBFF]$/, '');
  return head + notice;
}
