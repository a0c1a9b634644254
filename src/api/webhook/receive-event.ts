import { type DeploymentEvent } from '../../domain/event';
import { WindlassError } from '../../domain/errors';
import { formatPipelineRef } from '../../domain/pipeline/pipeline';
import { type PipelineStore } from '../../store/pipeline-store';
import { type SignedRequest, authenticate } from './authenticate';
import { type FixedWindow } from './fixed-window';
import { type IgnoreCode } from '../../flux/ignore-reasons';
import { interpretEvent } from '../../flux/interpret-event';
import { type LaneReporter, TemporalUnavailable } from '../../temporal/lane-reporter';

/** The sender has 15 s for all its attempts: this leaves time for a second one. */
const reportDeadlineMs = 6_000;

/** The result of a request whose body was read. */
export type Receipt =
  | { readonly outcome: 'accepted'; readonly lane: string; readonly event: DeploymentEvent }
  | { readonly outcome: 'ignored'; readonly code: IgnoreCode; readonly reason: string }
  /** `why` is only for the operator's log. */
  | {
      readonly outcome: 'unauthorized' | 'temporal-unavailable' | 'store-unavailable';
      readonly why: () => string;
    }
  /** `fault` is for the sender. */
  | { readonly outcome: 'unprocessable'; readonly fault: string; readonly signed: boolean }
  | { readonly outcome: 'too-many-events' };

export interface Receiving {
  readonly store: PipelineStore;
  readonly lanes: LaneReporter;
  readonly allowUnsigned: boolean;
  readonly eventMaxAgeMs: number;
  /** Events that reach Temporal, by pipeline and environment. */
  readonly events: FixedWindow;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Verifies, interprets and records one event. Everything that a sender can cause is a `Receipt`.
 * @param onUnderstood called once the sender can do nothing wrong any more, before the event is recorded
 * @throws only for internal errors
 */
export async function receiveEvent(
  receiving: Receiving,
  signedRequest: SignedRequest,
  onUnderstood: () => void,
): Promise<Receipt> {
  try {
    return await receive(receiving, signedRequest, onUnderstood);
  } catch (error) {
    if (error instanceof TemporalUnavailable) {
      return { outcome: 'temporal-unavailable', why: () => error.message };
    }
    if (error instanceof WindlassError && error.code === 'store-unavailable') {
      return { outcome: 'store-unavailable', why: () => error.message };
    }
    throw error;
  }
}

async function receive(
  receiving: Receiving,
  signedRequest: SignedRequest,
  onUnderstood: () => void,
): Promise<Receipt> {
  const receivedAt = receiving.now();
  const sender = await authenticate(receiving.store, signedRequest, receiving.allowUnsigned);
  if (!sender.authentic) return { outcome: 'unauthorized', why: sender.why };
  const { pipeline, signed } = sender;
  const { body, environment } = signedRequest;
  const understood = interpretEvent(
    { body, pipeline, environment, signed, receivedAt },
    receiving.eventMaxAgeMs,
  );
  switch (understood.kind) {
    case 'refuse':
      return { outcome: 'unprocessable', fault: understood.sentence, signed };
    case 'ignore':
      return { outcome: 'ignored', code: understood.code, reason: understood.reason };
    case 'accept': {
      onUnderstood();
      const { event, to } = understood;
      const sender = JSON.stringify([formatPipelineRef(pipeline), environment]);
      if (!receiving.events.take(sender)) return { outcome: 'too-many-events' };
      const { lane } = await receiving.lanes.report(event, to, reportDeadlineMs);
      return { outcome: 'accepted', lane, event };
    }
  }
}
