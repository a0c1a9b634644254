import { type SecretData } from '../domain/credentials';
import { type Freeze } from '../domain/freezes/freeze';
import { type FreezeChange } from '../domain/freezes/freeze-change';
import { type Pipeline, type PipelineRef, type ProviderType } from '../domain/pipeline/pipeline';
import { type RepositoryUrl } from '../domain/pipeline/repository-url';
import { type FollowedRepository } from '../domain/promotion/followed-repository';

/** The source of Pipelines, Freezes and Secrets: a directory of YAML files, or a Kubernetes API server. */
export interface PipelineStore {
  /**
   * @returns undefined if the Pipeline does not exist
   * @throws WindlassError store-unavailable while the store is not synced; invalid-pipeline for an invalid one, which
   *   differs from a missing one: someone is likely to fix it soon
   */
  pipeline(ref: PipelineRef): Promise<Pipeline | undefined>;
  /**
   * The freezes of a namespace, and those for all namespaces.
   * @throws WindlassError store-unavailable while they are not known
   */
  freezes(namespace: string): Promise<readonly Freeze[]>;
  /** Decoded, byte for byte. @throws WindlassError store-unavailable */
  secret(namespace: string, name: string): Promise<SecretData | undefined>;
  /** Whether the store has been read in full at least once and its content is valid. */
  ready(): boolean;
  close(): Promise<void>;
}

/** A Pipeline of a list; an invalid one with the reason, and its place. */
export type ListedPipeline =
  | { readonly valid: true; readonly pipeline: Pipeline }
  | { readonly valid: false; readonly pipeline: PipelineRef; readonly fault: string };

/** Where Freezes are watched. */
export interface FreezeSource {
  /** Calls `changed` when a Freeze appears, changes or disappears; not for those that there are when reading begins. */
  subscribeFreezes(changed: (change: FreezeChange) => void): void;
}

/** A store that also finds Pipelines by their repository, and reports changes. */
export interface IndexedPipelineStore extends PipelineStore, FreezeSource {
  /**
   * The different references of valid Pipelines to one repository, in any spelling of its URL.
   * @throws WindlassError store-unavailable while the store is not synced
   */
  repositories(provider: ProviderType, url: RepositoryUrl): Promise<readonly FollowedRepository[]>;
  /**
   * All Pipelines, also the invalid ones. A valid one that has not changed is the same object as before.
   * @throws WindlassError store-unavailable while the store is not synced
   */
  list(): readonly ListedPipeline[];
  /**
   * Calls `changed` with Pipelines whose running promotions must look again, because a freeze that selects them has
   * changed. With a directory, also because they have changed or disappeared: in Kubernetes, the reconciler sees that.
   */
  subscribe(changed: (pipelines: readonly PipelineRef[]) => void): void;
}
