import { proxySinks, type Sinks } from '@temporalio/workflow';
import { type FailureCode } from '../domain/errors';
import { type DropReason } from '../domain/lane/dropped-event';
import { type PromotionOutcome } from '../domain/promotion/promotion';

export type PromotionStrategy = 'pull-request' | 'notification' | 'none';

/** From the event to the pull request or notification, from there to the merge, and from there to the last target. */
export type PromotionStep = 'propose' | 'merge' | 'deploy';

/** Counted by the worker, outside the workflow; never during a replay, and what ends a step once for each run. */
export interface PromotionSinks extends Sinks {
  promotions: {
    ended(strategy: PromotionStrategy, result: PromotionOutcome['state'] | 'failed' | 'quarantined'): void;
    attemptFailed(strategy: PromotionStrategy, code: FailureCode): void;
    gateOverridden(gate: string): void;
    mergedOutsideGates(): void;
    stepDone(strategy: PromotionStrategy, environment: string, step: PromotionStep, seconds: number): void;
    deployed(strategy: PromotionStrategy, environment: string, seconds: number): void;
  };
  lanes: {
    eventDropped(reason: DropReason): void;
  };
}

const { promotions, lanes } = proxySinks<PromotionSinks>();

export function recordEnd(
  strategy: PromotionStrategy,
  result: PromotionOutcome['state'] | 'failed' | 'quarantined',
): void {
  promotions.ended(strategy, result);
}

export function recordFailedAttempt(strategy: PromotionStrategy, code: FailureCode): void {
  promotions.attemptFailed(strategy, code);
}

/**
 * @param environment the one promoted into
 * @param from and to: milliseconds since the epoch, by different clocks
 */
export function recordStep(
  strategy: PromotionStrategy,
  environment: string,
  step: PromotionStep,
  [from, to]: readonly [from: number, to: number],
): void {
  promotions.stepDone(strategy, environment, step, Math.max(to - from, 0) / 1_000);
}

/**
 * The whole way, from the event until all targets run the version.
 * @param environment the one promoted into
 * @param from and to: milliseconds since the epoch, by different clocks
 */
export function recordDeployed(
  strategy: PromotionStrategy,
  environment: string,
  [from, to]: readonly [from: number, to: number],
): void {
  promotions.deployed(strategy, environment, Math.max(to - from, 0) / 1_000);
}

export function recordOverride(gates: readonly string[]): void {
  for (const gate of gates) promotions.gateOverridden(gate);
}

export function recordMergeOutsideGates(): void {
  promotions.mergedOutsideGates();
}

export function recordDroppedEvent(reason: DropReason): void {
  lanes.eventDropped(reason);
}
