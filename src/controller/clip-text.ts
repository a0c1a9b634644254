const ellipsis = '…';

/** `text` where it fits into `maxBytes` of UTF-8, else its head and an ellipsis. */
export function clipText(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  let clipped = '';
  let room = maxBytes - Buffer.byteLength(ellipsis);
  // By code points: half a surrogate pair is no text that an API server would take.
  for (const character of text) {
    room -= Buffer.byteLength(character);
    if (room < 0) break;
    clipped += character;
  }
  return clipped + ellipsis;
}
