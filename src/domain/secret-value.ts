/**
 * Why a Secret's value cannot be used although it is present. A value that was never decrypted or substituted is known to
 * anyone who can read the repository, so it must not count as a key.
 */
export const secretValueFaults = {
  encrypted: 'is encrypted by SOPS: decrypt it first',
  unsubstituted: 'holds an unsubstituted variable: put the value in its place',
} as const;

export type SecretValueFault = 'missing' | keyof typeof secretValueFaults;

/** As SOPS writes a value (https://github.com/getsops/sops, aes/cipher.go). */
const sopsCiphertext = /^\s*ENC\[[A-Z0-9_]+,data:[^\]]*\]\s*$/;

/**
 * `${NAME}` with whatever operator behind the name, as Flux's postBuild substitutes it
 * (https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution).
 */
const variable = /\$\{[A-Za-z_][A-Za-z0-9_]*(?:[^A-Za-z0-9_}][^}]*)?\}/;

/** More than any value that could be one of these. */
const longestPlaceholder = 4_096;

export function isSopsCiphertext(text: string): boolean {
  return sopsCiphertext.test(text);
}

/** Why a value cannot serve as a key or token: there is none, it is blank, or it is a stand-in for the true one. */
export function secretValueFault(value: Uint8Array | undefined): SecretValueFault | undefined {
  if (value === undefined || value.every(isBlank)) return 'missing';
  const text = Buffer.from(value).toString('latin1');
  if (isSopsCiphertext(text)) return 'encrypted';
  return text.length <= longestPlaceholder && variable.test(text) ? 'unsubstituted' : undefined;
}

/** ASCII white space. */
export function isBlank(byte: number): boolean {
  return byte === 0x20 || (byte >= 9 && byte <= 13);
}
