interface IgnoreReason {
  /** Which events are ignored for this reason, for the documentation. */
  readonly when: string;
  /** Each is for the person who reads the answer. */
  readonly sentences: Readonly<Record<string, (...values: never[]) => string>>;
}

/**
 * The closed set of reasons why a valid event promotes nothing. The codes are part of the interface: metrics, logs and
 * docs contain them.
 */
export const ignoreReasons = {
  'not-a-promotion': {
    when: 'A failed upgrade, drift, an uninstallation, progress: only installs and upgrades that succeeded promote',
    sentences: {
      failure: () => 'an event of severity error promotes nothing',
      unexplained: () => 'the event has neither a reason nor a signature',
      test: () => 'the result of a test, and no environment is promoted into or from this one',
      otherReason: (reason: string) => `only InstallSucceeded and UpgradeSucceeded promote, not ${reason}`,
    },
  },
  stale: {
    when: 'The event is older than `--event-max-age`',
    sentences: { old: (sentAt: string) => `stale: the event is of ${sentAt}` },
  },
  'last-environment': {
    when: 'There is no environment after this one, and no promotion block for promotions into it',
    sentences: { last: (environment: string) => `cannot promote beyond last environment ${environment}` },
  },
  'no-promotion': {
    when: 'Neither the next environment, nor this one, nor the pipeline has a promotion block',
    sentences: {
      unconfigured: (pipeline: string, environment: string) =>
        `app ${pipeline} has no promotion configured beyond environment ${environment}`,
    },
  },
} as const satisfies Record<string, IgnoreReason>;

export type IgnoreCode = keyof typeof ignoreReasons;
