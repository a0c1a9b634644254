/**
 * What an environment's own event says of it, for the lane *into* that environment: whether what was promoted runs there.
 * The result of a test is also for the lane into the *next* environment, which promotes that version further.
 * A fact promotes nothing. It is stored in workflow histories: add fields as optional ones.
 */
export interface EnvironmentFact {
  /**
   * `deployed`: a target runs `version`. `rolled-back`: it went back to `version`, because a newer one failed.
   * `tests-failed`, `tests-passed`: the Helm tests of `version`.
   */
  readonly kind: 'deployed' | 'rolled-back' | 'tests-failed' | 'tests-passed';
  /** The environment that the event comes from: the one that the lane promotes into, or for tests the one before it. */
  readonly environment?: string;
  /** As of a `DeploymentEvent`; another one for the result of a test. */
  readonly identity: string;
  readonly version: string;
  /** As of a `DeploymentEvent`. */
  readonly reporter: string;
  /** Helm's release number, if the message has one. */
  readonly release?: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Involved object's `namespace/name`. */
  readonly object: string;
  /** How many targets the environment had when the fact was received. */
  readonly targets: number;
  /** What the webhook vouches for: a `FactClaim`. Not part of the identity. */
  readonly capability?: string;
}
