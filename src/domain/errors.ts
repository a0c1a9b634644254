/**
 * The closed set of all failures of Windlass.
 *
 * A failure is created where the problem is detected (`new WindlassError('bad-credentials', 'GitHub answered 401 …')`).
 * One activity interceptor and one HTTP error handler convert it for their framework.
 */

interface FailureKind {
  /** Whether the same call may succeed later without a change by a person. */
  readonly retryable: boolean;
  /** What the operator does; the last sentence of the message. */
  readonly remedy: string;
}

const failureKinds = {
  network: {
    retryable: true,
    remedy: 'Check that the host is reachable from the worker (DNS, proxy, firewall, CA bundle).',
  },
  'timed-out': {
    retryable: true,
    remedy: 'Check the load of the Git host and the size of the repository.',
  },
  'provider-unavailable': {
    retryable: true,
    remedy: "Check the Git provider's status page; your configuration is not the cause.",
  },
  'rate-limited': {
    retryable: true,
    remedy: 'Wait, or use a separate token for this promotion.',
  },
  'lease-lost': {
    retryable: true,
    remedy: 'Someone pushed to the promotion branch in the meantime; the next attempt starts from there.',
  },
  'store-unavailable': {
    retryable: true,
    remedy: 'Check that Pipelines and Secrets can be read (API server, permissions, --pipelines-dir).',
  },
  'cache-unavailable': {
    retryable: true,
    remedy: 'Check that the repository cache (in --data-dir) is writable and its disk has space left.',
  },
  'notification-failed': {
    retryable: true,
    remedy: 'Check that the notification-controller at --events-addr is running and reachable.',
  },
  internal: {
    retryable: true,
    remedy: 'This is a bug in Windlass: please report it with the log lines of this promotion.',
  },
  'bad-credentials': {
    retryable: false,
    remedy:
      "Renew the credentials in the Secret of the Pipeline's pull-request.secretRef, then retry the promotion.",
  },
  'credentials-missing': {
    retryable: false,
    remedy:
      "Add the missing field to the Secret of the Pipeline's pull-request.secretRef, then retry the promotion.",
  },
  forbidden: {
    retryable: false,
    remedy: 'Give the token permission to push branches and to open pull requests, then retry the promotion.',
  },
  'repository-not-found': {
    retryable: false,
    remedy: 'Check pull-request.url, and that the credentials can read that repository.',
  },
  'repository-too-large': {
    retryable: false,
    remedy:
      'Check the repository and its host. Keep the manifests in a repository without large or very many files (SECURITY.md lists the limits), then retry the promotion.',
  },
  quarantined: {
    retryable: false,
    remedy:
      "Look for what is unusual in the promotion's repository (very large or very many files) and at its Git host, and report this as a bug of Windlass. Then retry the promotion.",
  },
  'base-branch-not-found': {
    retryable: false,
    remedy: 'Check pull-request.baseBranch: the branch must exist in the repository.',
  },
  'branch-protected': {
    retryable: false,
    remedy: 'Allow the token to push branches that begin with promotion-, then retry the promotion.',
  },
  'branch-in-the-way': {
    retryable: false,
    remedy: 'Delete or rename the branch that is in the way, then retry the promotion.',
  },
  'push-rule': {
    retryable: false,
    remedy:
      "Follow the rule quoted above: pull-request.commit sets the commit's author, committer, message and signature. Or exempt the token's user from it. Then retry the promotion.",
  },
  'signature-required': {
    retryable: false,
    remedy:
      'Sign the commits (pull-request.commit.signingKey) with a key that the service knows for the committer, then retry the promotion.',
  },
  'signing-failed': {
    retryable: false,
    remedy:
      'Check the Secret of pull-request.commit.signingKey (git.asc or identity, and passphrase), then retry the promotion.',
  },
  'workflow-scope': {
    retryable: false,
    remedy:
      'Give the token the right to change workflow files (scope workflow, or Workflows: read and write), then retry the promotion.',
  },
  'branch-taken': {
    retryable: false,
    remedy:
      'The promotion branch has commits that Windlass did not make: delete or rename it, then retry the promotion.',
  },
  'no-marker': {
    retryable: false,
    remedy:
      "Add the marker comment at the end of the version's line in the manifest of that environment, then retry the promotion.",
  },
  'invalid-manifest': {
    retryable: false,
    remedy: 'Fix the manifest at the line named, then retry the promotion.',
  },
  'invalid-pipeline': {
    retryable: false,
    remedy: 'Fix the Pipeline as described, then retry the promotion.',
  },
  'host-not-allowed': {
    retryable: false,
    remedy:
      'If you trust that host, add it to --allowed-hosts; link-local and cloud metadata addresses are never allowed.',
  },
  'plain-http': {
    retryable: false,
    remedy: 'Use https in the Pipeline, or allow credentials over plain HTTP with --allow-plain-http.',
  },
  'request-refused': {
    retryable: false,
    remedy: 'Read the answer above and fix what it names.',
  },
  'not-authorized': {
    retryable: false,
    remedy:
      'If you want it, ask for the version with windlass promote; people who had approved it then approve again. Otherwise find out who has access to Temporal: see docs/decisions/capabilities.md.',
  },
  'lane-unavailable': {
    retryable: true,
    remedy: 'Check that Temporal and the workers answer: the lane says whether the promotion may still act.',
  },
  'events-address-missing': {
    retryable: false,
    remedy: 'Start the worker with --events-addr, the address of the notification-controller.',
  },
} as const satisfies Record<string, FailureKind>;

/** The closed set of failure codes. They are part of the interface: alerts and docs name them. */
export type FailureCode = keyof typeof failureKinds;

/** All failure codes, for the documentation and its test. */
export const failureCodes: Readonly<Record<FailureCode, FailureKind>> = failureKinds;

export interface WindlassErrorOptions {
  readonly cause?: unknown;
  /** The delay that the server asked for, in milliseconds; the failure does not count as an attempt. */
  readonly retryAfterMs?: number;
}

/** A classified failure. `message` says what happened and, as its last sentence, what to do about it. */
export class WindlassError extends Error {
  override readonly name = 'WindlassError';
  readonly code: FailureCode;
  /** The first sentence of the message. */
  readonly fault: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  /**
   * @param code which of the closed set
   * @param fault one sentence, with a full stop, that says what happened. Must not contain a secret.
   */
  constructor(code: FailureCode, fault: string, options: WindlassErrorOptions = {}) {
    super(
      `${fault} ${failureKinds[code].remedy}`,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.fault = fault;
    this.retryable = failureKinds[code].retryable;
    this.retryAfterMs = options.retryAfterMs;
  }
}
