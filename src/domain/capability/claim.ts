/**
 * What `api` vouches for with its key, so that a client of Temporal cannot invent it. Tokens are in workflow histories and
 * outlive upgrades: add kinds and optional fields only.
 */
import { type EnvironmentFact } from '../environment-fact';
import { type Actor } from '../people/actor';

interface Claimed {
  readonly version: string;
  /** When it was signed, milliseconds since the epoch. */
  readonly at: number;
}

/** A target reported that it runs the version: the webhook has verified the event's signature. */
export interface ReportClaim extends Claimed {
  readonly kind: 'report';
  /** The lane's workflow id. */
  readonly lane: string;
  /** Of the event, see `DeploymentEvent`. */
  readonly identity: string;
  /** Of all that the event says, see `contentOf`. */
  readonly content?: string;
}

/** An environment reported a fact, such as the result of tests. */
export interface FactClaim extends Claimed {
  readonly kind: 'fact';
  readonly fact: EnvironmentFact['kind'];
  readonly lane: string;
  readonly identity: string;
}

/** A person with the right to do so decided on one promotion, and on one commit if there was one. */
export interface DecisionClaim extends Claimed {
  readonly kind: 'approve' | 'reject';
  /** The promotion's workflow id. */
  readonly promotion: string;
  readonly head?: string;
  readonly actor: Actor;
}

/** A person opened gates of one promotion. */
export interface OverrideClaim extends Claimed {
  readonly kind: 'override';
  readonly promotion: string;
  readonly gates: readonly string[];
  readonly actor: Actor;
}

/** A person asked a lane for a version. */
export interface ActClaim extends Claimed {
  readonly kind: 'promote' | 'rollback';
  readonly lane: string;
  /** Of the request, see `LaneAct`. */
  readonly key: string;
  readonly actor: Actor;
}

/** A worker made this commit for the promotion, after it had verified what allows it. */
export interface ProposedClaim extends Claimed {
  readonly kind: 'proposed';
  readonly promotion: string;
  /** A commit id. */
  readonly head: string;
  /** The commits that it made for the same promotion before, newest first. */
  readonly earlier?: readonly string[];
}

export type Claim = ReportClaim | FactClaim | DecisionClaim | OverrideClaim | ActClaim | ProposedClaim;

/** @returns undefined: no known key signed it, or it is not a token */
export type VerifyClaim = (token: string) => Claim | undefined;
