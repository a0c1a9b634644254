/** The times in sentences of Windlass, which are the same text for everyone: pure. */

export interface SentencePart {
  readonly text: string;
  /** RFC 3339, of a part that is a time. */
  readonly at?: string;
}

/** As Windlass writes them: `2026-11-28 13:14 UTC`. */
const time = /\b(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}) UTC\b/g;

export function splitAtTimes(sentence: string): readonly SentencePart[] {
  const parts: SentencePart[] = [];
  let end = 0;
  for (const { 0: text, 1: day, 2: minute, index } of sentence.matchAll(time)) {
    const at = `${day}T${minute}:00Z`;
    if (Number.isNaN(Date.parse(at))) continue;
    if (index > end) parts.push({ text: sentence.slice(end, index) });
    parts.push({ text, at });
    end = index + text.length;
  }
  if (end < sentence.length) parts.push({ text: sentence.slice(end) });
  return parts;
}
