/** What the history of a promotion says of its way. */
import { type Client, type WorkflowExecutionDescription } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { tsToMs } from '@temporalio/common/lib/time';
import { type temporal } from '@temporalio/proto';
import { type PromotionOutcome } from '../domain/promotion/promotion';
import { approveUpdate, overrideUpdate, promoteUpdate, rejectUpdate } from '../workflows/contract/messages';
import { stateAttribute } from '../workflows/contract/search-attributes';

export interface HistoryStep {
  /** Of `WindlassState`. */
  readonly state: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface HistoryAttempt {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly outcome: 'done' | 'failed' | 'lost' | 'cancelled' | 'in-progress';
  /** Of a failure. */
  readonly code?: string;
  readonly reason?: string;
}

export interface HistoryDecision {
  readonly kind: 'approved' | 'rejected' | 'gates-overridden';
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly detail?: string;
  /** The commit that was decided on. */
  readonly head?: string;
}

export interface PromotionHistory {
  /** Each oldest first. */
  readonly steps: readonly HistoryStep[];
  readonly attempts: readonly HistoryAttempt[];
  readonly decisions: readonly HistoryDecision[];
  /** How it ended by itself. */
  readonly outcome?: PromotionOutcome;
  /** Of the failure that ended it. */
  readonly failure?: { readonly code: string; readonly reason: string };
}

type Event = temporal.api.history.v1.IHistoryEvent;
type Failure = temporal.api.failure.v1.IFailure;
type Payload = temporal.api.common.v1.IPayload;

/** Of all runs of a promotion that continued as new, the newest ones. */
const mostEvents = 3_000;
const mostRuns = 10;
const longestReason = 1_000;
/** What changes something outside. */
const actingActivities = new Set(['openPullRequest', 'withdrawPullRequest', 'notify', 'mergePullRequest']);
const decisionNames: Readonly<Record<string, HistoryDecision['kind']>> = {
  [approveUpdate.name]: 'approved',
  [promoteUpdate.name]: 'approved',
  [rejectUpdate.name]: 'rejected',
  [overrideUpdate.name]: 'gates-overridden',
};

/** @throws gRPC's error */
export async function readPromotionHistory(
  client: Client,
  { workflowId, runId, raw }: WorkflowExecutionDescription,
): Promise<PromotionHistory> {
  const reading = new Reading();
  const runs: (readonly Event[])[] = [];
  let left = mostEvents;
  let run: string | undefined = runId;
  while (run !== undefined && left > 0 && runs.length < mostRuns) {
    const events: readonly Event[] = await eventsOf(client, workflowId, run, left);
    left -= events.length;
    runs.unshift(events);
    run = events[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
  }
  for (const event of runs.flat()) reading.take(event);
  return reading.end(raw.pendingActivities ?? []);
}

async function eventsOf(client: Client, workflowId: string, runId: string, most: number): Promise<Event[]> {
  const events: Event[] = [];
  let nextPageToken: Uint8Array | undefined;
  do {
    const response = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId, runId },
      maximumPageSize: 1_000,
      ...(nextPageToken === undefined ? {} : { nextPageToken }),
    });
    events.push(...(response.history?.events ?? []));
    ({ nextPageToken } = response);
  } while (nextPageToken.length > 0 && events.length < most);
  return events;
}

/** Goes through the events in order. */
class Reading {
  readonly #steps: HistoryStep[] = [];
  readonly #decisions: HistoryDecision[] = [];
  /** By the id of the event that scheduled it, of the run that is read. */
  readonly #attempts: HistoryAttempt[] = [];
  #scheduled = new Map<string, number>();
  #outcome: PromotionOutcome | undefined;
  #failure: PromotionHistory['failure'];

  take(event: Event): void {
    const at = event.eventTime ? tsToMs(event.eventTime) : 0;
    if (event.workflowExecutionStartedEventAttributes) this.#scheduled = new Map();
    this.#takeState(event, at);
    this.#takeDecision(event, at);
    this.#takeAttempt(event, at);
    const {
      workflowExecutionCompletedEventAttributes: completed,
      workflowExecutionFailedEventAttributes: failed,
    } = event;
    if (completed) {
      this.#outcome = decoded(completed.result?.payloads?.[0]) as PromotionOutcome | undefined;
    }
    if (failed?.failure) this.#failure = failureOf(failed.failure);
  }

  end(pending: readonly temporal.api.workflow.v1.IPendingActivityInfo[]): PromotionHistory {
    for (const { activityType, lastFailure, lastStartedTime, scheduledTime } of pending) {
      if (!actingActivities.has(activityType?.name ?? '')) continue;
      const time = lastStartedTime ?? scheduledTime;
      const index = this.#attempts.findLastIndex(({ outcome }) => outcome === 'in-progress');
      const attempt: HistoryAttempt = {
        at: time ? tsToMs(time) : 0,
        outcome: 'in-progress',
        ...(lastFailure ? failureOf(lastFailure) : {}),
      };
      if (index === -1) this.#attempts.push(attempt);
      else this.#attempts[index] = attempt;
    }
    return {
      steps: this.#steps,
      attempts: this.#attempts,
      decisions: this.#decisions,
      ...(this.#outcome === undefined ? {} : { outcome: this.#outcome }),
      ...(this.#failure === undefined ? {} : { failure: this.#failure }),
    };
  }

  #takeState(event: Event, at: number): void {
    const fields = event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields;
    const value = decoded(fields?.[stateAttribute.name]);
    const state = Array.isArray(value) ? (value[0] as unknown) : value;
    if (typeof state !== 'string' || this.#steps.at(-1)?.state === state) return;
    this.#steps.push({ state, at });
  }

  #takeDecision(event: Event, at: number): void {
    const input = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input;
    const kind = decisionNames[input?.name ?? ''];
    if (kind === undefined) return;
    const given = decoded(input?.args?.payloads?.[0]) as Partial<Record<string, unknown>> | undefined;
    const detail = textOf(given?.['comment'] ?? given?.['reason']);
    const head = textOf(given?.['head']);
    this.#decisions.push({
      kind,
      by: textOf(given?.['by']) ?? 'unknown',
      at,
      ...(detail === undefined ? {} : { detail }),
      ...(head === undefined ? {} : { head }),
    });
  }

  #takeAttempt(event: Event, at: number): void {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled && actingActivities.has(scheduled.activityType?.name ?? '')) {
      this.#scheduled.set(String(event.eventId), this.#attempts.length);
      this.#attempts.push({ at, outcome: 'in-progress' });
    }
    const { activityTaskCompletedEventAttributes: completed, activityTaskFailedEventAttributes: failed } =
      event;
    if (completed) this.#endAttempt(completed.scheduledEventId, { outcome: 'done' });
    if (failed) {
      this.#endAttempt(failed.scheduledEventId, { outcome: 'failed', ...failureOf(failed.failure ?? {}) });
    }
    const { activityTaskTimedOutEventAttributes: late, activityTaskCanceledEventAttributes: cancelled } =
      event;
    if (late) this.#endAttempt(late.scheduledEventId, { outcome: 'lost' });
    if (cancelled) this.#endAttempt(cancelled.scheduledEventId, { outcome: 'cancelled' });
  }

  #endAttempt(scheduledEventId: unknown, end: Omit<HistoryAttempt, 'at'>): void {
    const index = this.#scheduled.get(String(scheduledEventId));
    const attempt = index === undefined ? undefined : this.#attempts[index];
    if (index !== undefined && attempt !== undefined) this.#attempts[index] = { at: attempt.at, ...end };
  }
}

/** The innermost failure that has a code. */
function failureOf(failure: Failure): { readonly code: string; readonly reason: string } {
  let found = failure;
  for (let each: Failure | null | undefined = failure; each; each = each.cause) {
    if (each.applicationFailureInfo?.type) {
      found = each;
      break;
    }
  }
  return {
    code: found.applicationFailureInfo?.type || 'unknown',
    reason: (found.message ?? '').slice(0, longestReason),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, longestReason) : undefined;
}

function decoded(payload: Payload | null | undefined): unknown {
  if (!payload) return undefined;
  try {
    return defaultPayloadConverter.fromPayload(payload);
  } catch {
    return undefined;
  }
}
