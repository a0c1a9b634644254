/**
 * An event: one Flux notification, reduced to the closed list of fields that the rest of Windlass needs.
 * It travels through workflow histories, so it holds neither bodies nor secrets.
 */
import { type PipelineRef } from './pipeline/pipeline';

export interface DeploymentEvent {
  readonly pipeline: PipelineRef;
  /** The environment that the event comes from. */
  readonly environment: string;
  /** SHA-256, 64 hex digits: names one deployment however often, and by whomever, it is reported. */
  readonly identity: string;
  /** `deployed`: the target now runs `version`. `rolled-back`: it went back to `version` because a newer one failed. */
  readonly kind: 'deployed' | 'rolled-back';
  /** Chart version without the digest that Flux appends. */
  readonly version: string;
  /** Who reports: the target object's uid, or its `namespace/name` where the sender gave no uid. */
  readonly reporter: string;
  /** Helm's release number (`.vN`), where the message has one. */
  readonly release?: number;
  /** A first install: Helm's release numbers start again at 1. */
  readonly install: boolean;
  /** min(event time, receipt time), milliseconds since the epoch. */
  readonly at: number;
  /** Involved object's `namespace/name`, for people. */
  readonly object: string;
}
