const ellipsis = '…';

/** Returns `text` if it fits into `maxBytes` of UTF-8, otherwise its beginning and an ellipsis. */
export function clipText(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  let clipped = '';
  let room = maxBytes - Buffer.byteLength(ellipsis);
  // By code points: API servers reject half of a surrogate pair.
  for (const character of text) {
    room -= Buffer.byteLength(character);
    if (room < 0) break;
    clipped += character;
  }
  return clipped + ellipsis;
}
