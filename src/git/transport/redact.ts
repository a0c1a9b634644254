const limit = 300;
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/** Text of a remote's making, fit to be shown: on one line, bounded, without these secrets and without URL credentials. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret !== '') clean = clean.replaceAll(secret, '***').replaceAll(encodeURIComponent(secret), '***');
  }
  clean = clean
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, '$1***@')
    .replace(unprintable, ' ')
    .trim();
  return clean.length > limit ? `${clean.slice(0, limit)}…` : clean;
}
