const ellipsis = '…';
const cutNotice = '\n\n… (truncated: longer than the provider allows)';

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
