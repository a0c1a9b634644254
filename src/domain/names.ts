/**
 * Names made of users' names (namespace, pipeline, environment) and other text, with a maximum length. Pure JavaScript,
 * so that workflow code can use it.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** SHA-256 of a text, 64 hex digits. */
export function sha256Hex(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/** The length of a text in UTF-8. */
export function utf8Bytes(text: string): number {
  return utf8ToBytes(text).length;
}

/** Returns `text` if it fits, otherwise its beginning and a hash of the whole: still unique and recognizable. */
export function bounded(text: string, maxBytes: number): string {
  if (utf8Bytes(text) <= maxBytes) return text;
  return headWith(`-${sha256Hex(text).slice(0, 12)}`, text, maxBytes);
}

/** Returns `text` if it fits into `maxBytes` of UTF-8, otherwise its beginning and an ellipsis. */
export function clipText(text: string, maxBytes: number): string {
  return utf8Bytes(text) <= maxBytes ? text : headWith('…', text, maxBytes);
}

function headWith(suffix: string, text: string, maxBytes: number): string {
  let head = '';
  let room = maxBytes - utf8Bytes(suffix);
  // By code points: servers reject half of a surrogate pair.
  for (const character of text) {
    room -= utf8Bytes(character);
    if (room < 0) break;
    head += character;
  }
  return head + suffix;
}
