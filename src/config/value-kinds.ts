/** The kinds of value of settings, and how each is parsed. */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { isNamespace } from '../domain/kubernetes-names';
import { type BindAddress, parseBindAddress } from '../http/serving/bind-address';
import { parseGoDuration } from '../domain/go-duration';

export interface ValueKind<Value = unknown> {
  /** The placeholder in the help; a `boolean` can be omitted on the command line. */
  readonly argument: string;
  /** Its format, in Markdown. Absent: each setting's description lists its values. */
  readonly written?: string;
  /** The unit of a number, for texts without the argument. */
  readonly unit?: string;
  /** An error message completes the sentence "--flag is "text": …". */
  readonly parser: z.ZodType<Value, string>;
  /** Its schema as a value of the chart. */
  readonly schema: ValueSchema;
}

/** JSON Schema of a chart's value. */
export type ValueSchema =
  | { readonly type: 'integer'; readonly minimum: number; readonly maximum: number }
  | { readonly type: 'string' | 'boolean' }
  | { readonly enum: readonly string[] }
  | { readonly type: 'array'; readonly items: { readonly type: 'string' }; readonly uniqueItems?: true };

const string = { type: 'string' } as const;
const strings = { type: 'array', items: string } as const;

/** Converts text to a value; undefined is an error. */
function parsedAs<T>(parse: (text: string) => T | undefined, expected: string) {
  return z.string().transform((text, context): T => {
    const value = parse(text.trim());
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
}

const largestCount = 1_000_000_000;

/** An integer, 0 or greater. */
export const count = {
  argument: 'count',
  written: 'an integer, 0 or greater',
  parser: parsedAs((text) => {
    const value = Number(text);
    return /^\d+$/.test(text) && value <= largestCount ? value : undefined;
  }, `it must be an integer from 0 to ${largestCount}`),
  schema: { type: 'integer', minimum: 0, maximum: largestCount },
} as const satisfies ValueKind;

export const bytes = {
  argument: 'bytes',
  unit: 'bytes',
  written: 'an integer, 1 or greater',
  parser: count.parser.refine((value) => value > 0, { error: 'it must be above 0' }),
  schema: { ...count.schema, minimum: 1 },
} as const satisfies ValueKind;

/** Milliseconds from whole seconds. */
export const seconds = {
  argument: 'seconds',
  unit: 'seconds',
  written: 'an integer, 0 or greater, without a unit',
  parser: count.parser.transform((value) => value * 1_000),
  schema: count.schema,
} as const satisfies ValueKind;

/** Smaller numbers count as the minimum, as in pipeline-controller. */
export function atLeast(least: number, kind: ValueKind<number>): ValueKind<number> {
  return { ...kind, parser: kind.parser.transform((value) => Math.max(value, least)) };
}

/** Milliseconds from a positive duration in Go's format. */
export const goDuration = {
  argument: 'duration',
  written: "Go's format: `24h`, `1h30m`, `300ms`",
  parser: parsedAs((text) => {
    const value = parseGoDuration(text);
    return value !== undefined && value >= 1 ? value : undefined;
  }, 'it must be a duration above zero such as 24h, 1h30m or 300ms'),
  schema: string,
} as const satisfies ValueKind;

/** Like Go's strconv.ParseBool. */
export const boolean = {
  argument: 'boolean',
  written: '`true`, `false`, `t`, `f`, `1`, `0`; the flag without a value is true',
  parser: parsedAs(
    (text) => (/^(1|t|true)$/i.test(text) ? true : /^(0|f|false)$/i.test(text) ? false : undefined),
    'it must be true or false',
  ),
  schema: { type: 'boolean' },
} as const satisfies ValueKind;

/** One of a few words, which the setting's description lists. */
export function choice<T extends string>(argument: string, allowed: readonly [T, ...T[]]) {
  return {
    argument,
    parser: z.string().pipe(z.enum(allowed, { error: `it must be one of ${allowed.join(', ')}` })),
    schema: { enum: allowed },
  } as const satisfies ValueKind;
}

const addressExpected = 'it must be an address such as :8082, 127.0.0.1:8082 or [::1]:8082';

export const bindAddress = {
  argument: 'address',
  written: "Go's format: `:8082` (all interfaces), `127.0.0.1:8082`, `[::1]:8082`",
  parser: parsedAs(parseBindAddress, addressExpected),
  schema: string,
} as const satisfies ValueKind;

/** Undefined for the address `0`, which disables a server, as in controller-runtime. */
export const optionalBindAddress = {
  ...bindAddress,
  parser: parsedAs<BindAddress | 'off'>(
    (text) => (text === '0' ? 'off' : parseBindAddress(text)),
    `${addressExpected}, or 0`,
  ).transform((address) => (address === 'off' ? undefined : address)),
} as const satisfies ValueKind;

/** An http or https URL without credentials, and without the trailing slash. */
export const httpUrl = {
  argument: 'url',
  written: 'http or https, without credentials, query or fragment',
  parser: parsedAs((text) => {
    if (!URL.canParse(text)) return undefined;
    const url = new URL(text);
    const plain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
    return plain && /^https?:$/.test(url.protocol) ? text.replace(/\/+$/, '') : undefined;
  }, 'it must be an http or https URL without credentials, query or fragment'),
  schema: string,
} as const satisfies ValueKind;

/** Stands for a trace's id in the address of its page. */
export const traceIdPlaceholder = '{traceId}';

/** The address of a page of each trace, without credentials. */
export const traceUrl = {
  argument: 'url',
  written: `http or https, without credentials, with ${traceIdPlaceholder}`,
  parser: parsedAs((text) => {
    if (!text.includes(traceIdPlaceholder) || !URL.canParse(text)) return undefined;
    const { protocol, username, password, hostname } = new URL(text);
    const isPlain = username === '' && password === '' && !hostname.includes('traceid');
    return isPlain && /^https?:$/.test(protocol) ? text : undefined;
  }, `it must be an http or https URL without credentials that contains ${traceIdPlaceholder}`),
  schema: string,
} as const satisfies ValueKind;

const pathWritten = 'a path; relative paths start at the working directory';

/** The absolute path of a directory that may not exist yet. */
export const directory = {
  argument: 'directory',
  written: pathWritten,
  parser: z.string().transform((path) => resolve(path)),
  schema: string,
} as const satisfies ValueKind;

export const existingDirectory = {
  ...directory,
  parser: z
    .string()
    .refine(isDirectory, { error: 'the directory does not exist' })
    .transform((path) => resolve(path)),
} as const satisfies ValueKind;

/** The absolute path of a file, whose reader says what is wrong with it. */
export const file = { ...directory, argument: 'file' } as const satisfies ValueKind;

export const existingFile = {
  argument: 'file',
  written: pathWritten,
  parser: z
    .string()
    .refine(existsSync, { error: 'the file does not exist' })
    .transform((path) => resolve(path)),
  schema: string,
} as const satisfies ValueKind;

export const proxyAddresses = {
  argument: 'addresses',
  written: 'IP addresses and CIDRs, separated by commas: `10.0.0.0/8,192.0.2.7`',
  parser: listOf(
    (text) => ipaddr.isValidCIDR(text) || ipaddr.isValid(text),
    'it must be IP addresses and CIDRs such as 10.0.0.0/8, separated by commas',
  ),
  schema: strings,
} as const satisfies ValueKind;

export const hosts = {
  argument: 'hosts',
  written: '`git.example.com` or `git.example.com:8443`, separated by commas, without `https://`',
  parser: listOf(
    (text) => /^[^\s/@:?#]+$|^\[[0-9a-f:.]+\]$/i.test(text.replace(/:\d{1,5}$/, '')),
    'it must be hosts such as git.example.com or git.example.com:8443, separated by commas, without https://',
  ),
  schema: strings,
} as const satisfies ValueKind;

export const namespaces = {
  argument: 'namespaces',
  written: 'names of Kubernetes namespaces, separated by commas: `apps,shop`',
  parser: listOf(isNamespace, 'it must be names of namespaces, separated by commas'),
  schema: { ...strings, uniqueItems: true },
} as const satisfies ValueKind;

function listOf(isItem: (text: string) => boolean, expected: string) {
  return parsedAs((text) => {
    const items = listItems(text);
    return items.every(isItem) ? items : undefined;
  }, expected);
}

/** What stands between commas. */
export function listItems(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
