/** An address with its zone. */
const longestAddress = 100;

/** Of a client, as it was sent. @returns '' where there is none; undefined: it cannot be an address */
export function readAddress(from: unknown = ''): string | undefined {
  return typeof from === 'string' && from.length <= longestAddress && /^[\x21-\x7e]*$/.test(from)
    ? from
    : undefined;
}
