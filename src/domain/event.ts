/**
 * An event: one Flux notification, reduced to the closed list of fields that the rest of Windlass needs.
 * It is stored in workflow histories, so it contains neither bodies nor secrets.
 */
import { type PipelineRef } from './pipeline/pipeline';
import { type ReportedVersion } from './version/reported-version';

export interface DeploymentEvent extends ReportedVersion {
  readonly pipeline: PipelineRef;
  /** The environment that the event comes from. */
  readonly environment: string;
  /** SHA-256, 64 hex digits: identifies a deployment, regardless of who reports it and how often. */
  readonly identity: string;
  /** `deployed`: the target now runs `version`. `rolled-back`: it went back to `version` because a newer one failed. */
  readonly kind: 'deployed' | 'rolled-back';
  /** Who reports: the target object's uid, or its `namespace/name` where the sender gave no uid. */
  readonly reporter: string;
  /** Helm's release number (`.vN`), if the message has one. */
  readonly release?: number;
  /** A first install: Helm's release numbers start again at 1. */
  readonly install: boolean;
  /** min(event time, receipt time), milliseconds since the epoch. */
  readonly at: number;
  /** Involved object's `namespace/name`. */
  readonly object: string;
  /** Of an install: the environment has one target in that namespace, so an earlier reporter of the object is gone. */
  readonly soleTarget?: boolean;
  /** As `gates.supersede` of the environment promoted into said when the event came; absent: `latest`. */
  readonly supersede?: 'queue';
  /** What the webhook vouches for: a `ReportClaim`. Not part of the identity. */
  readonly capability?: string;
}
