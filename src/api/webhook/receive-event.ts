import { type DeploymentEvent } from '../../domain/event';
import { WindlassError } from '../../domain/errors';
import { formatPipelineRef } from '../../domain/pipeline/pipeline';
import { type PipelineStore } from '../../store/pipeline-store';
import { type SignedRequest, authenticate } from './authenticate';
import { type FixedWindow } from './fixed-window';
import { type IgnoreCode, interpretEvent } from '../../flux/interpret-event';
import { type LaneReporter, TemporalUnavailable } from '../../temporal/lane-reporter';

/** The sender gives all its attempts 15 s together: this leaves room for a second one. */
const reportDeadlineMs = 6_000;

/** What became of a request whose body was read; `detail` is for the sender, `log` for the operator alone. */
export type Receipt =
  | { readonly outcome: 'accepted'; readonly lane: string; readonly event: DeploymentEvent }
  | { readonly outcome: 'ignored'; readonly code: IgnoreCode; readonly reason: string }
  | {
      readonly outcome: 'refused';
      readonly code:
        'unauthorized' | 'unprocessable' | 'too-many-events' | 'temporal-unavailable' | 'store-unavailable';
      readonly status: 401 | 422 | 429 | 503;
      readonly detail: string;
      readonly log: () => string;
      /** Whether it counts against the client's address: not where the sender holds the key, or the fault is ours. */
      readonly isFailure: boolean;
    };

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
 * Verifies, understands and records one event. Whatever a sender may cause is a `Receipt`.
 * @throws only for faults of our own
 */
export async function receiveEvent(receiving: Receiving, signedRequest: SignedRequest): Promise<Receipt> {
  try {
    return await receive(receiving, signedRequest);
  } catch (error) {
    if (error instanceof TemporalUnavailable) return unavailable('temporal-unavailable', error);
    if (error instanceof WindlassError && error.code === 'store-unavailable') {
      return unavailable('store-unavailable', error);
    }
    throw error;
  }
}

async function receive(receiving: Receiving, signedRequest: SignedRequest): Promise<Receipt> {
  const receivedAt = receiving.now();
  const sender = await authenticate(receiving.store, signedRequest, receiving.allowUnsigned);
  if (!sender.authentic) {
    return {
      outcome: 'refused',
      code: 'unauthorized',
      status: 401,
      detail:
        'the signature is missing or wrong, or there is no such pipeline: the log of windlass says which.',
      log: sender.why,
      isFailure: true,
    };
  }
  const { pipeline, signed } = sender;
  const { body, environment } = signedRequest;
  const understood = interpretEvent(
    { body, pipeline, environment, signed, receivedAt },
    receiving.eventMaxAgeMs,
  );
  switch (understood.kind) {
    case 'refuse': {
      const { sentence } = understood;
      return {
        outcome: 'refused',
        code: 'unprocessable',
        status: 422,
        detail: sentence,
        log: () => sentence,
        isFailure: !signed,
      };
    }
    case 'ignore':
      return { outcome: 'ignored', code: understood.code, reason: understood.reason };
    case 'accept': {
      const { event, to } = understood;
      if (!receiving.events.take(JSON.stringify([formatPipelineRef(pipeline), environment]))) {
        const detail = 'too many events from this environment of this pipeline: try again later.';
        return {
          outcome: 'refused',
          code: 'too-many-events',
          status: 429,
          detail,
          log: () => detail,
          isFailure: false,
        };
      }
      const { lane } = await receiving.lanes.report(event, to, reportDeadlineMs);
      return { outcome: 'accepted', lane, event };
    }
  }
}

function unavailable(code: 'temporal-unavailable' | 'store-unavailable', error: Error): Receipt {
  return {
    outcome: 'refused',
    code,
    status: 503,
    detail: 'cannot record the event just now: try again.',
    log: () => error.message,
    isFailure: false,
  };
}
