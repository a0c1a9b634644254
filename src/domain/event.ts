/**
 * An event: one Flux notification, reduced to the closed list of fields that the rest of Windlass needs.
 * It is stored in workflow histories, so it contains neither bodies nor secrets.
 */
import { type PipelineRef } from './pipeline/pipeline';

export interface DeploymentEvent {
  readonly pipeline: PipelineRef;
  /** The environment that the event comes from. */
  readonly environment: string;
  /** SHA-256, 64 hex digits: identifies a deployment, regardless of who reports it and how often. */
  readonly identity: string;
  /** `deployed`: the target now runs `version`. `rolled-back`: it went back to `version` because a newer one failed. */
  readonly kind: 'deployed' | 'rolled-back';
  /** Chart version without the digest that Flux appends. */
  readonly version: string;
  /** The reporter: the target object's uid, or its `namespace/name` if the sender sent no uid. */
  readonly reporter: string;
  /** Helm's release number (`.vN`), if the message has one. */
  readonly release?: number;
  /** A first install: Helm's release numbers start again at 1. */
  readonly install: boolean;
  /** min(event time, receipt time), milliseconds since the epoch. */
  readonly at: number;
  /** The involved object's `namespace/name`, for display. */
  readonly object: string;
}
