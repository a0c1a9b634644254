/** How each kind of setting is read from text. A fault completes the sentence "--flag is "text": …". */
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { type BindAddress, parseBindAddress } from '../http/serving/bind-address';
import { parseGoDuration } from './go-duration';

/** Turns text into a value; undefined is a fault. */
function parsedAs<T>(parse: (text: string) => T | undefined, expected: string) {
  return z.string().transform((text, context): T => {
    const value = parse(text.trim());
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
}

const largestCount = 1_000_000_000;

/** A whole number from zero on. */
export const count = parsedAs((text) => {
  const value = Number(text);
  return /^\d+$/.test(text) && value <= largestCount ? value : undefined;
}, `it must be a whole number from 0 to ${largestCount}`);

/** Milliseconds from whole seconds. */
export const seconds = count.transform((value) => value * 1_000);

/** Milliseconds from a duration above zero as Go writes it. */
export const goDuration = parsedAs((text) => {
  const value = parseGoDuration(text);
  return value !== undefined && value >= 1 ? value : undefined;
}, 'it must be a duration above zero such as 24h, 1h30m or 300ms');

export const boolean = parsedAs(
  // As Go's strconv.ParseBool.
  (text) => (/^(1|t|true)$/i.test(text) ? true : /^(0|f|false)$/i.test(text) ? false : undefined),
  'it must be true or false',
);

const addressExpected = 'it must be an address such as :8082, 127.0.0.1:8082 or [::1]:8082';

export const bindAddress = parsedAs(parseBindAddress, addressExpected);

/** controller-runtime turns a server off by the address `0`. */
export const optionalBindAddress = parsedAs<BindAddress | 'off'>(
  (text) => (text === '0' ? 'off' : parseBindAddress(text)),
  `${addressExpected}, or 0`,
).transform((address) => (address === 'off' ? undefined : address));

/** An http or https URL without credentials, without the slash at its end. */
export const httpUrl = parsedAs((text) => {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const plain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return plain && /^https?:$/.test(url.protocol) ? text.replace(/\/+$/, '') : undefined;
}, 'it must be an http or https URL without credentials, query and fragment');

export const proxyAddresses = listOf(
  (text) => ipaddr.isValidCIDR(text) || ipaddr.isValid(text),
  'it must be IP addresses and CIDRs such as 10.0.0.0/8, separated by commas',
);

export const hosts = listOf(
  (text) => /^[^\s/@:?#]+$|^\[[0-9a-f:.]+\]$/i.test(text.replace(/:\d{1,5}$/, '')),
  'it must be hosts such as git.example.com or git.example.com:8443, separated by commas, without https://',
);

export const namespaces = listOf(
  (text) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(text),
  'it must be names of namespaces, separated by commas',
);

function listOf(isItem: (text: string) => boolean, expected: string) {
  return parsedAs((text) => {
    const items = text
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean);
    return items.every(isItem) ? items : undefined;
  }, expected);
}
