import { type FailureCode } from '../../../../src/domain/errors';
import { classifyGitFailure } from '../../../../src/git/transport/failure-classification';
import { type GitAttempt } from '../../../../src/git/transport/failure-rule';

const push: GitAttempt = {
  operation: 'push',
  host: 'git.example.com',
  branch: 'promotion-ns-app-staging',
  serverRefusals: [],
};
const fetch: GitAttempt = { operation: 'fetch', host: 'git.example.com', branch: 'main', serverRefusals: [] };

/** What git printed, as it was seen to. */
const table: readonly [name: string, attempt: GitAttempt, code: FailureCode, output: string][] = [
  [
    'a lease that the local check lost',
    push,
    'lease-lost',
    'To https://git.example.com/team/config.git\n!\tabc:refs/heads/promotion\t[rejected] (stale info)\nDone\nerror: failed to push some refs to',
  ],
  [
    'a lease that the remote check lost',
    push,
    'lease-lost',
    "!\tabc:refs/heads/x\t[remote rejected] (cannot lock ref 'refs/heads/x': is at 1111111111111111111111111111111111111111 but expected 2222222222222222222222222222222222222222)",
  ],
  [
    'git: branch made meanwhile',
    push,
    'lease-lost',
    '!\ta:refs/heads/x\t[remote rejected] (reference already exists)',
  ],
  [
    'git: refused, and nobody to ask',
    fetch,
    'bad-credentials',
    "fatal: could not read Username for 'https://git.example.com': terminal prompts disabled",
  ],
  [
    'ssh: wrong key',
    push,
    'bad-credentials',
    'git@git.example.com: Permission denied (publickey).\r\nfatal: Could not read from remote repository.',
  ],
  [
    'ssh: unknown host key',
    fetch,
    'credentials-missing',
    'Host key verification failed.\r\nfatal: Could not read from remote repository.',
  ],
  [
    'a web page where a repository should be',
    fetch,
    'repository-not-found',
    'fatal: https://git.example.com/o/r/info/refs not valid: is this a git repository?',
  ],
  [
    'a redirect',
    fetch,
    'repository-not-found',
    "fatal: unable to access 'https://git.example.com/o/r.git/': The requested URL returned error: 301",
  ],
  [
    'a gateway without a backend',
    fetch,
    'provider-unavailable',
    "fatal: unable to access 'x': The requested URL returned error: 502",
  ],
  [
    'a fault half-way',
    push,
    'provider-unavailable',
    'error: RPC failed; HTTP 500 curl 22 The requested URL returned error: 500\nfatal: the remote end hung up unexpectedly',
  ],
  [
    'a push too large',
    push,
    'request-refused',
    'error: RPC failed; HTTP 413 curl 22 The requested URL returned error: 413\nfatal: the remote end hung up unexpectedly',
  ],
  ['a branch gone meanwhile', fetch, 'lease-lost', "fatal: couldn't find remote ref refs/heads/main"],
  ['no such name', fetch, 'network', "fatal: unable to access 'x': Could not resolve host: git.example.com"],
  [
    'ssh: no such name',
    fetch,
    'network',
    'ssh: Could not resolve hostname git.example.com: Name or service not known',
  ],
  [
    'nobody listens',
    fetch,
    'network',
    "fatal: unable to access 'x': Failed to connect to git.example.com port 443 after 0 ms: Couldn't connect to server",
  ],
  [
    'an unknown authority',
    fetch,
    'network',
    "fatal: unable to access 'x': server certificate verification failed. CAfile: none CRLfile: none",
  ],
  [
    'a certificate of another name, GnuTLS',
    fetch,
    'network',
    "fatal: unable to access 'x': SSL: certificate subject name (server) does not match target host name 'y'",
  ],
  [
    'a client certificate that is missing, OpenSSL',
    fetch,
    'network',
    "fatal: unable to access 'x': OpenSSL SSL_read: error:0A00045C:SSL routines::tlsv13 alert certificate required, errno 0",
  ],
  [
    'a client certificate that is missing, GnuTLS',
    fetch,
    'network',
    "fatal: unable to access 'x': getpeername() failed with errno 107: Transport endpoint is not connected",
  ],
  [
    'another host key',
    fetch,
    'bad-credentials',
    '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key verification failed.\nfatal: Could not read from remote repository.',
  ],
  [
    'plain files',
    fetch,
    'request-refused',
    'fatal: dumb http transport does not support shallow capabilities',
  ],
  [
    'an unknown authority, OpenSSL',
    fetch,
    'network',
    "fatal: unable to access 'x': SSL certificate problem: unable to get local issuer certificate",
  ],
  [
    'a connection cut',
    fetch,
    'network',
    'error: RPC failed; curl 18 transfer closed with outstanding read data remaining\nfatal: early EOF',
  ],
  [
    'a connection that never came',
    fetch,
    'network',
    'ssh: connect to host git.example.com port 22: Connection timed out',
  ],
];

describe('what git says', () => {
  test.each(table)('%s', (_name, attempt, code, output) => {
    expect(classifyGitFailure(output, attempt)).toMatchObject({ code });
  });

  test('a hook that declines for reasons of its own is quoted', () => {
    const output =
      'remote: Commits must name a ticket.        \nremote: \n!\ta:refs/heads/x\t[remote rejected] (pre-receive hook declined)';
    expect(classifyGitFailure(output, push)?.sentence).toBe(
      'git.example.com refuses pushes to the branch promotion-ns-app-staging: Commits must name a ticket.',
    );
  });

  test("lines of the protocol among the service's words are not quoted", () => {
    // https://github.com/gbrueckl/PowerBI.CICD/issues/2
    const output =
      "remote: 001f# service=git-receive-pack\nremote: 0000000000aaTF401027: You need the Git 'GenericContribute' permission.\nremote: TF401027: You need the Git 'GenericContribute' permission.\nfatal: unable to access 'https://git.example.com/p/_git/r/': The requested URL returned error: 403";
    expect(classifyGitFailure(output, push)?.sentence).toBe(
      "git.example.com does not let these credentials push: TF401027: You need the Git 'GenericContribute' permission.",
    );
  });

  test('a password is named only where there is one', () => {
    const output = 'git@git.example.com: Permission denied (publickey).';
    expect(classifyGitFailure(output, push)?.sentence).toBe(
      'git.example.com refuses the SSH key of the Secret.',
    );
    expect(classifyGitFailure(output, { ...push, hasPassphrase: true })?.sentence).toContain('password');
  });

  test('an unknown host key is to be added', () => {
    expect(classifyGitFailure('Host key verification failed.', fetch)?.sentence).toBe(
      'git.example.com shows a host key that known_hosts of the Secret does not have: add it.',
    );
  });

  test('an untrusted certificate points to ca.crt', () => {
    const output = "fatal: unable to access 'x': SSL certificate problem: self-signed certificate";
    expect(classifyGitFailure(output, fetch)?.sentence).toContain('ca.crt');
  });

  test.each([
    ["SSL: certificate subject name (server) does not match target host name 'y'", 'another host name'],
    ['SSL certificate problem: certificate has expired', 'has expired'],
    ['server certificate expiration date has passed.', 'has expired'],
    ['gnutls_handshake() failed: An unexpected TLS packet was received.', 'does not speak TLS'],
    ['GnuTLS recv error (-12): A TLS fatal alert has been received.', 'client certificate'],
    ['error:0A000418:SSL routines::tlsv1 alert unknown ca', 'client certificate'],
    ['GnuTLS recv error (-110): The TLS connection was non-properly terminated.', 'client certificate'],
  ])('%s: what is to do is not to trust another authority', (words, expected) => {
    const output = `fatal: unable to access 'https://git.example.com/r.git/': ${words}`;
    const { sentence } = classifyGitFailure(output, fetch) ?? { sentence: '' };
    expect(sentence).toContain(expected);
    expect(sentence).not.toContain('ca.crt');
  });

  test('names of hosts, branches and repositories decide nothing', () => {
    const host = 'ssl.rate-limit.example.com';
    const output = `fatal: unable to access 'https://${host}/too many requests/GH006.git/': Could not resolve host: ${host}`;
    expect(
      classifyGitFailure(output.replace(/ (?=many|requests)/g, '-'), { ...push, host })?.sentence,
    ).toContain('cannot be resolved');
  });

  test('words that no rule knows are left unclassified', () => {
    expect(classifyGitFailure('fatal: bad object HEAD', fetch)).toBeUndefined();
  });
});
