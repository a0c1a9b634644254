/**
 * Names made of what users chose (namespace, pipeline, environment), bounded in length. Pure JavaScript, so that workflow
 * code may use it.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** SHA-256 of a text, 64 hex digits. */
export function sha256Hex(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/** `text` where it fits, else its head and a hash of the whole: still unique, still recognisable. */
export function bounded(text: string, maxBytes: number): string {
  if (utf8ToBytes(text).length <= maxBytes) return text;
  const suffix = `-${sha256Hex(text).slice(0, 12)}`;
  let head = '';
  let room = maxBytes - suffix.length;
  // By code points: half a surrogate pair is no text that a server would take.
  for (const character of text) {
    room -= utf8ToBytes(character).length;
    if (room < 0) break;
    head += character;
  }
  return head + suffix;
}
