/** Of text that others wrote: what a terminal could obey, or what changes the direction of text. */
const blank = /[\t\n\r\u2028\u2029]+/gu;
/** All but the joiner of emoji. */
const unprintable = /(?!\u200d)[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu;

/** Text of others in one line: line breaks become spaces, control characters and escape sequences become visible. */
export function plain(text: string): string {
  return text.replaceAll(blank, ' ').replaceAll(unprintable, '\ufffd');
}

/** The same for every string in a JSON value, its keys too. */
export function plainValue(value: unknown): unknown {
  if (typeof value === 'string') return plain(value);
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [plain(key), plainValue(inner)]));
}
