const usualLength = 300;
/** Control characters of a hostile answer must not reach a terminal, nor its line breaks a log. */
const unprintable = /[\p{C}\p{Z}]+/gu;

/**
 * Text that another side wrote, fit to be shown: on one line, of bounded length, without control characters, without
 * these secrets (as they are, and as a URL would hold them) and without credentials in URLs.
 */
export function redact(
  text: string,
  secrets: readonly string[] = [],
  maxLength: number = usualLength,
): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret !== '') clean = clean.replaceAll(secret, '***').replaceAll(encodeURIComponent(secret), '***');
  }
  clean = redactUrlCredentials(clean).replace(unprintable, ' ').trim();
  return clean.length > maxLength ? `${clean.slice(0, maxLength)}…` : clean;
}

/**
 * What should be a URL or an address and need not be one, without what may be a password or a token in it: all before an
 * `@`, and all behind a `?` or `#`.
 */
export function redactAddress(text: string): string {
  return text.replace(/^(.*?\/\/)?.*@/s, '$1***@').replace(/([?#]).*$/s, '$1***');
}

/** User name and password in a URL, replaced. Takes rather too much: a password may hold spaces, quotes and `@`. */
export function redactUrlCredentials(text: string): string {
  return text.replace(/\/\/[^/\r\n]*@/g, '//***@');
}
