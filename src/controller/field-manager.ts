import { sha256Hex } from '../domain/names';

/** The owner of what is said about a Pipeline as a whole. */
export const pipelineFieldManager = 'windlass';

/** https://kubernetes.io/docs/reference/using-api/server-side-apply/#managers: 128 bytes at most, printable. */
const maxBytes = 128;
const printableAscii = /^[ -~]+$/;

/**
 * The owner of what is said about one environment: each has its own, since whoever applies a part of the status removes
 * what the same owner said elsewhere.
 */
export function environmentFieldManager(environment: string): string {
  const plain = `${pipelineFieldManager}/${environment}`;
  if (plain.length <= maxBytes && printableAscii.test(plain)) return plain;
  return `${pipelineFieldManager}/${sha256Hex(environment).slice(0, 32)}`;
}
