import { WindlassError } from '../errors';

export interface RepositoryUrl {
  readonly protocol: 'https' | 'http' | 'ssh';
  /** Lower case, without port; an IPv6 address keeps its brackets, as in `URL.hostname`. */
  readonly host: string;
  readonly port?: number;
  /** For ssh: the login name; `git` if the URL has none. */
  readonly sshUser?: string;
  /** Without leading and trailing slashes and without `.git`: `owner/name`, or more levels. */
  readonly path: string;
  /** The URL in a format that git accepts; scp-like URLs become `ssh://`. */
  readonly href: string;
}

/**
 * A repository's URL, or a sentence that says why it is invalid. The sentence never repeats the URL: it may contain a
 * token.
 */
export type RepositoryUrlReading =
  { readonly ok: true; readonly url: RepositoryUrl } | { readonly ok: false; readonly fault: string };

const scpLike = /^(?:([^@:/]+)@)?([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\]):(?!\/\/|:)(.+)$/;
/** `user:password@host:path`, which looks like a path on the host "user". */
const passwordInScpLike = /^[^:/]+:(?!\/\/)[^/]*@/;
/** A name that ssh cannot interpret as an option, nor a shell as anything else. */
const sshWord = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;
const ipv6Host = /^\[[0-9a-f:.]+\]$/;
const unprintable = /[\u0000-\u0020\u007f-\u00a0\u2028\u2029\\]/;

const credentialsFault =
  'The repository URL contains credentials: put them into the Secret of pull-request.secretRef.';

/**
 * Parses a repository's URL: https, http, ssh or scp-like (`git@host:owner/name.git`).
 * @throws WindlassError invalid-pipeline for anything else and for a URL with a password or a token
 */
export function parseRepositoryUrl(text: string): RepositoryUrl {
  const reading = readRepositoryUrl(text);
  if (!reading.ok) throw new WindlassError('invalid-pipeline', reading.fault);
  return reading.url;
}

/** Like `parseRepositoryUrl`, for callers that collect all errors. */
export function readRepositoryUrl(text: string): RepositoryUrlReading {
  if (unprintable.test(text))
    return refuse('The repository URL contains a space, a backslash or a control character.');
  if (passwordInScpLike.test(text)) return refuse(credentialsFault);
  const candidate = text.includes('://') ? text : fromScpLike(text);
  const url = URL.canParse(candidate) ? new URL(candidate) : undefined;
  if (url === undefined)
    return refuse('The repository URL cannot be parsed: use https, ssh or git@host:path.');
  const protocol = url.protocol.slice(0, -1);
  if (protocol !== 'https' && protocol !== 'http' && protocol !== 'ssh') {
    return refuse(`The repository URL has the scheme ${protocol}: use https or ssh.`);
  }
  if (hasOnlyUserName(url)) url.username = '';
  if (url.password !== '' || (protocol !== 'ssh' && url.username !== '')) return refuse(credentialsFault);
  if (url.search !== '' || url.hash !== '')
    return refuse('The repository URL has a query or a fragment: remove it.');
  const host = url.hostname.toLowerCase();
  const path = readPath(url.pathname);
  if (host === '' || path === '') return refuse('The repository URL has no host or no path.');
  if (path === undefined)
    return refuse('The repository URL has an empty, dotted or escaped segment in its path.');
  if (protocol === 'ssh') {
    // The URL parser validates host names strictly only in http URLs.
    if (!sshWord.test(host) && !ipv6Host.test(host))
      return refuse('The repository URL has an invalid host name.');
    if (url.username === '') url.username = 'git';
    if (!sshWord.test(url.username)) return refuse('The repository URL has an invalid user name.');
    url.hostname = host;
  }
  return {
    ok: true,
    url: {
      protocol,
      host,
      ...(url.port === '' ? {} : { port: Number(url.port) }),
      ...(protocol === 'ssh' ? { sshUser: url.username } : {}),
      path,
      href: url.href,
    },
  };
}

/**
 * `https://ada@bitbucket.org/…` is what Bitbucket's own button "Clone" copies. A user name is no secret, and not needed. What
 * may be one stays a fault: Bitbucket's tokens and passwords are longer, or begin with AT.
 */
function hasOnlyUserName({ protocol, hostname, username, password }: URL): boolean {
  return (
    protocol === 'https:' &&
    hostname === 'bitbucket.org' &&
    password === '' &&
    /^(?!AT)[\w-]{1,30}$/.test(username)
  );
}

function refuse(fault: string): RepositoryUrlReading {
  return { ok: false, fault };
}

/** `ssh://…` for an scp-like text; any other text unchanged. */
function fromScpLike(text: string): string {
  return text.replace(
    scpLike,
    (_, user: string | undefined, host: string, path: string) =>
      `ssh://${user ?? 'git'}@${host}/${path.replace(/^\/+/, '')}`,
  );
}

/** The repository's path, decoded; undefined if it has anything but plain segments. */
function readPath(pathname: string): string | undefined {
  const trimmed = pathname.replace(/^\/+|\/+$/g, '').replace(/(^|[^/])\.git$/, '$1');
  if (trimmed === '') return '';
  const steps = trimmed.split('/').map(decodeStep);
  return steps.every(isPlainStep) ? steps.join('/') : undefined;
}

function isPlainStep(step: string | undefined): boolean {
  if (step === undefined || step === '' || step === '.' || step === '..') return false;
  // Azure DevOps has projects with spaces in their names.
  return !step.includes('/') && !unprintable.test(step.replaceAll(' ', ''));
}

function decodeStep(step: string): string | undefined {
  try {
    return decodeURIComponent(step);
  } catch {
    return undefined;
  }
}
