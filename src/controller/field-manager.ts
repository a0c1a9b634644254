import { sha256Hex } from '../domain/names';

/** The field manager of the conditions. */
export const pipelineFieldManager = 'windlass';

/** https://kubernetes.io/docs/reference/using-api/server-side-apply/#managers: 128 bytes at most, printable. */
const maxBytes = 128;
const printableAscii = /^[ -~]+$/;

/**
 * The field manager of one environment's status. Each environment has its own, because applying a part of the status
 * removes the other fields of the same manager.
 */
export function environmentFieldManager(environment: string): string {
  const plain = `${pipelineFieldManager}/${environment}`;
  if (plain.length <= maxBytes && printableAscii.test(plain)) return plain;
  return `${pipelineFieldManager}/${sha256Hex(environment).slice(0, 32)}`;
}
