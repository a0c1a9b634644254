/**
 * The names that several parts must spell alike: workflow ids, branches, titles. All are pure and bounded in length,
 * since namespace, pipeline and environment come from users.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { type PipelineRef, formatPipelineRef } from './pipeline/pipeline';

/** Temporal's `limit.maxIDLength` is 1,000 bytes; the rest is room for a suffix. */
const workflowIdBytes = 900;
/** A Git ref's last component is a file name: 255 bytes, less `.lock`. */
const branchBytes = 240;
/** SQL visibility stores a Keyword in 255 characters. */
const keywordBytes = 255;
/** Temporal's `limit.userMetadataSummarySize` is 400 bytes of JSON with its metadata; quotes in it count twice. */
const summaryBytes = 300;

/** SHA-256 of a text, 64 hex digits. Pure JavaScript, so that workflow code may use it. */
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

/** Workflow id of the lane into `environment`. */
export function laneId(pipeline: PipelineRef, environment: string): string {
  return bounded(`lane/${formatPipelineRef(pipeline)}/${environment}`, workflowIdBytes);
}

/** Workflow id of the promotion of one deployment into `environment`. */
export function promotionId(
  pipeline: PipelineRef,
  environment: string,
  version: string,
  identity: string,
): string {
  const head = bounded(`promotion/${formatPipelineRef(pipeline)}/${environment}/${version}`, workflowIdBytes);
  return `${head}/${identity.slice(0, 12)}`;
}

/**
 * The branch of an environment's pull request, as the original named it.
 * Characters that Git refuses in a ref (git-check-ref-format) become `-`; a name that was changed gets a hash, so that
 * names which differ in such characters alone stay apart. `a-b`/`c` and `a`/`b-c` still meet, as they did in the
 * original: the trailers of the branch's commits tell them apart (failure `branch-taken`).
 */
export function promotionBranch(pipeline: PipelineRef, environment: string): string {
  const plain = `promotion-${pipeline.namespace}-${pipeline.name}-${environment}`;
  const safe = plain
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/\.{2,}/g, '-')
    .replace(/(\.lock|\.)$/, '-');
  return bounded(safe === plain ? plain : `${safe}-${sha256Hex(plain).slice(0, 12)}`, branchBytes);
}

/** A search attribute's value. */
export function keyword(text: string): string {
  return bounded(text, keywordBytes);
}

/** A workflow's static summary, one line of the Temporal Web UI. */
export function summaryText(text: string): string {
  return bounded(text, summaryBytes);
}
