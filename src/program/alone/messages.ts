/**
 * What a worker and the process of one attempt say to each other, over Node's channel between a process and its child.
 * Secrets go over it too: it is a socket pair that no other process has.
 */
import { type AnswerOf, type RepositoryActivity } from '../../activities/lost-attempts';
import { type SecretData } from '../../domain/credentials';
import { type FailureCode } from '../../domain/errors';
import { type Freeze } from '../../domain/freezes/freeze';
import { type Pipeline } from '../../domain/pipeline/pipeline';
import { type PromotionTask } from '../../domain/promotion/promotion';
import { type RepositorySettings } from '../composition/pull-request-dependencies';

/** The worker's first message. */
export interface AttemptRequest {
  readonly kind: 'attempt';
  readonly activity: RepositoryActivity;
  readonly task: PromotionTask;
  readonly settings: RepositorySettings;
  /** Begins the names of git's process families. */
  readonly familyPrefix: string;
  /** Whether the worker must be asked whether the promotion may act. */
  readonly verified: boolean;
  /** Of the worker's span. */
  readonly traceparent?: string | undefined;
}

/** A question to the worker: to its store, but for the last. */
export type WorkerQuestion =
  | { readonly kind: 'pipeline' | 'secret'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'freezes'; readonly namespace: string }
  /** Whether the promotion may act now: the worker has the key for that. No answer, or a failure. */
  | { readonly kind: 'authority' };

export type StoreAnswer = Pipeline | SecretData | readonly Freeze[] | undefined;

export type ToAttempt =
  | AttemptRequest
  | { readonly kind: 'abort' }
  | {
      readonly kind: 'store-answer';
      readonly id: number;
      readonly answer: Answer<StoreAnswer>;
    };

export type FromAttempt =
  | { readonly kind: 'store-question'; readonly id: number; readonly question: WorkerQuestion }
  | { readonly kind: 'ended'; readonly answer: Answer<AnswerOf<RepositoryActivity>> };

export type Answer<T> = { readonly value: T } | { readonly failure: Failure };

/** An error, as data. */
export type Failure =
  | { readonly code: FailureCode; readonly fault: string; readonly retryAfterMs?: number }
  /** Nothing failed: see `GatesClosed`. */
  | { readonly gatesClosed: string }
  /** A bug: for the log. */
  | { readonly name: string; readonly message: string; readonly stack?: string };
