/**
 * What git's words mean. Git has one exit code for everything, so its messages, and those that hosting services send
 * through it, are all there is to go by. They are read with LC_ALL=C. The services' own words come with the attempt.
 */
import { type FailureCode } from '../../domain/errors';
import { type RefusalCode, type ServerRefusal } from '../../domain/git-server';
import { type GitAttempt, type Rule, type Sentence } from './failure-rule';
import { networkRules } from './network-rules';

export interface GitFault {
  readonly code: FailureCode;
  /** Complete but for redaction. */
  readonly sentence: string;
}

/** What each refusal means to people, whether the service or git itself words it. */
const refusals = {
  'lease-lost': ({ branch, host }) => `The branch ${branch} on ${host} is no longer where it was.`,
  'rate-limited': ({ host }, words) => `${host} asks for fewer requests${words}.`,
  'branch-protected': ({ branch, host }, words) => `${host} refuses pushes to the branch ${branch}${words}.`,
  'push-rule': ({ branch, host }, words) => `${host} refuses pushes to the branch ${branch}${words}.`,
  'signature-required': ({ branch, host }, words) =>
    `${host} takes signed commits only on the branch ${branch}${words}.`,
  'workflow-scope': ({ host }, words) => `${host} does not let this token change workflow files${words}.`,
  'bad-credentials': ({ host }, words) => `${host} refuses these credentials${words}.`,
  'repository-not-found': ({ host }, words) =>
    `${host} has no such repository for these credentials${words}.`,
  forbidden: ({ host, operation }, words) =>
    `${host} does not let these credentials ${operation === 'push' ? 'push' : 'read the repository'}${words}.`,
  'provider-unavailable': ({ host }, words) => `${host} answered with a fault of its own${words}.`,
} as const satisfies Record<RefusalCode, Sentence>;

function refusal({ code, ...rest }: ServerRefusal): Rule {
  return { code, ...rest, sentence: refusals[code] };
}

/** Git's own words. The first that matches counts: what is specific stands above what accompanies it. */
const rules: readonly Rule[] = [
  {
    // Git keeps branches as files: `a/b` and `a` cannot both be.
    code: 'branch-in-the-way',
    only: 'push',
    pattern: /'BRANCH' exists; cannot create|directory file conflict/i,
    sentence: ({ branch, host }, words, output) => {
      const other = /'refs\/heads\/([^']+)' exists; cannot create/.exec(output)?.[1];
      const which = other === undefined ? 'A branch' : `The branch ${other}`;
      return `${which} on ${host} is in the way of the branch ${branch}: Git cannot have both${words}.`;
    },
  },
  refusal({
    code: 'lease-lost',
    only: 'push',
    pattern:
      /\((stale info|fetch first|non-fast-forward|already exists)\)|incorrect old value provided|cannot lock ref|failed to (update|lock) ref|reference already exists|is at [0-9a-f]{40,64} but expected/i,
  }),
  refusal({ code: 'rate-limited', pattern: /returned error: 429|HTTP 429|too many requests/i }),
  refusal({
    code: 'branch-protected',
    only: 'push',
    pattern: /denying (non-fast-forward|ref deletion)/i,
  }),
  refusal({ code: 'push-rule', only: 'push', pattern: /hook declined/i }),
  refusal({
    code: 'bad-credentials',
    pattern: /authentication failed|could not read (username|password)|returned error: 401|HTTP 401/i,
  }),
  {
    code: 'bad-credentials',
    pattern: /load key [^\n]*: (error in libcrypto|invalid format)/i,
    sentence: () => 'The identity of the Secret cannot be read as a private key.',
  },
  {
    // ssh says the same when it cannot decrypt the key.
    code: 'bad-credentials',
    pattern: /permission denied \([a-z,-]*publickey/i,
    sentence: ({ host, hasPassphrase }, words) => {
      const other = hasPassphrase === true ? ', or password of the Secret does not decrypt it' : '';
      return `${host} refuses the SSH key of the Secret${other}${words}.`;
    },
  },
  {
    // Nothing that a new attempt would change, and what an attack looks like.
    code: 'bad-credentials',
    pattern: /host identification has changed|host key for [^\n]* has changed/i,
    sentence: ({ host }) =>
      `${host} shows another host key than known_hosts of the Secret has for it: ask its administrator whether the key was changed.`,
  },
  {
    code: 'credentials-missing',
    pattern: /host key verification failed/i,
    sentence: ({ host }) => `${host} shows a host key that known_hosts of the Secret does not have: add it.`,
  },
  {
    code: 'bad-credentials',
    pattern:
      /error setting certificate|could not load (client|pem)|unable to set private key|problem with the local SSL certificate|Error reading (X\.509|ca cert)/i,
    sentence: () =>
      'ca.crt, tls.crt or tls.key of the Secret cannot be read as PEM, or tls.key is not the key of tls.crt.',
  },
  {
    code: 'repository-not-found',
    pattern: /returned error: 30[1278]|unable to update url base from redirection/i,
    sentence: ({ host }) => `${host} redirects to another address: the repository may have moved.`,
  },
  refusal({
    code: 'repository-not-found',
    pattern:
      /repository\b[^\n]* not found|returned error: 404|HTTP 404|does not appear to be a git repository|is this a git repository\?/i,
  }),
  refusal({
    code: 'forbidden',
    pattern: /returned error: 403|HTTP 403|insufficient permission|access denied/i,
  }),
  refusal({
    code: 'provider-unavailable',
    pattern:
      /returned error: 5\d\d|HTTP 5\d\d|internal server error|service unavailable|temporarily unavailable/i,
  }),
  {
    code: 'request-refused',
    pattern: /\[remote rejected\]|returned error: 4\d\d|HTTP 4\d\d|shallow update not allowed/i,
    sentence: ({ host, operation }, words) => `${host} refused the ${operation}${words}.`,
  },
  {
    // Plain files on a web server: https://git-scm.com/docs/http-protocol
    code: 'request-refused',
    pattern: /dumb http transport does not support|git-http-push failed/i,
    sentence: ({ host }) =>
      `${host} has the repository as plain files (dumb HTTP), which cannot be pushed to: use a Git server that speaks Git's smart HTTP.`,
  },
  {
    // It was listed a moment ago; the next attempt's listing tells which one is missing.
    code: 'lease-lost',
    only: 'fetch',
    pattern: /couldn't find remote ref/i,
    sentence: ({ host }) => `A branch on ${host} was deleted meanwhile.`,
  },
  ...networkRules,
];

/** The service's own words before git's, which go with them. @returns undefined for words that nothing knows */
export function classifyGitFailure(output: string, attempt: GitAttempt): GitFault | undefined {
  const said = withoutNames(output, attempt.host);
  for (const rule of [...attempt.serverRefusals.map(refusal), ...rules]) {
    if (rule.only !== undefined && rule.only !== attempt.operation) continue;
    if (!rule.pattern.test(said)) continue;
    const words = excerpt(remoteWords(output), rule.pattern);
    return { code: rule.code, sentence: rule.sentence(attempt, words === '' ? '' : `: ${words}`, output) };
  }
  return undefined;
}

/** Whether the disk under the cache is at fault, and no remote. */
export function isStorageFault(output: string): boolean {
  return /^(?!remote:).*(no space left on device|disk quota exceeded|read-only file system|: permission denied$)/im.test(
    output,
  );
}

/** Names of the user's making (a host `ssl.example.com`, a branch `rate limit`) must not decide how a failure is read. */
function withoutNames(output: string, host: string): string {
  return output
    .replace(/\b(?:https?|ssh):\/\/[^\s']+/g, 'URL')
    .replace(/\brefs\/heads\/[^\s':]+/g, 'BRANCH')
    .replaceAll(host, 'HOST');
}

/** What the hosting service itself said: what git passes on behind `remote: `, and its reason for the branch. */
function remoteWords(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => /^remote:\s*(.*?)\s*$/.exec(line)?.[1] ?? '')
    .filter((words) => !emptyLine.test(words));
  const said = lines.join(' ');
  const reason = refusedReason(output);
  return (reason === undefined || said.includes(reason) ? said : `${said} ${reason}`)
    .replace(/[.\s]+$/, '')
    .trim();
}

/** Azure DevOps puts the protocol's own lines into what it says. */
const emptyLine =
  /^[-=\s]*$|^[0-9a-f]{4}# service=|^0000[0-9a-f]{8}\S|^(Resolving|Counting|Compressing|Enumerating|Total)\b|^error: hook declined to update /;

/** Of `git push --porcelain`: `!`, the refspec, `[remote rejected] (reason)`, with tabs between. */
const rejected = /^!\t[^\t]*\t\[remote rejected\] \((.*)\)\s*$/m;
/** Git's own, which say that there was a refusal and not why. */
const emptyReason =
  /^((pre-receive|update|proc-receive) )?hook declined$|^failed to update ref$|^remote failed to report status$/;

function refusedReason(output: string): string | undefined {
  const reason = rejected.exec(output)?.[1]?.trim();
  return reason === undefined || reason === '' || emptyReason.test(reason) ? undefined : reason;
}

/** The longest words that are quoted. */
export const longestWords = 1_000;

/** Words that are too long lose their beginning and their end, never what decided how they are read. */
function excerpt(words: string, deciding: RegExp): string {
  if (words.length <= longestWords) return words;
  const decided = Math.max(0, words.search(deciding));
  const start = Math.max(0, Math.min(decided - longestWords / 4, words.length - longestWords));
  const end = start + longestWords;
  return `${start > 0 ? '…' : ''}${words.slice(start, end)}${end < words.length ? '…' : ''}`;
}
