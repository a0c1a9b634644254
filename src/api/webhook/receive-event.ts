import { type EnvironmentFact } from '../../domain/environment-fact';
import { type DeploymentEvent } from '../../domain/event';
import { factMeaning } from '../../domain/fact-meaning';
import { type PipelineRef, formatPipelineRef } from '../../domain/pipeline/pipeline';
import { type PipelineStore } from '../../store/pipeline-store';
import { type SignedRequest, authenticate } from './authenticate';
import { type FixedWindow } from './fixed-window';
import { type IgnoreCode } from '../../flux/ignore-reasons';
import { type AddressedFact, type Interpretation, interpretEvent } from '../../flux/interpret-event';
import { type LaneReporter } from '../../temporal/lane-reporter';
import { type Unavailable, unavailable } from '../unavailable';
import { traceEvent } from './trace-event';

/** The sender has 15 s for all its attempts: this leaves time for a second one. */
const reportDeadlineMs = 6_000;

/** The result of a request whose body was read. */
export type Receipt =
  | {
      readonly outcome: 'accepted';
      readonly lane: string;
      readonly event: DeploymentEvent;
    }
  /** `meaning`: what the event says, without a full stop. */
  | {
      readonly outcome: 'recorded';
      readonly lane: string;
      readonly fact: EnvironmentFact;
      readonly meaning: string;
    }
  | { readonly outcome: 'ignored'; readonly code: IgnoreCode; readonly reason: string }
  /** `why` is only for the operator's log. */
  | { readonly outcome: 'unauthorized'; readonly why: () => string }
  | Unavailable
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

/** What happens while an event is received. */
export interface Progress {
  /** The sender can do nothing wrong any more, and the event is not recorded yet. */
  readonly onUnderstood: () => void;
  /** The span of the request is open. */
  readonly onTraced: () => void;
}

/**
 * Verifies, interprets and records one event. Everything that a sender can cause is a `Receipt`.
 * @throws only for internal errors
 */
export async function receiveEvent(
  receiving: Receiving,
  signedRequest: SignedRequest,
  progress: Progress,
): Promise<Receipt> {
  try {
    return await receive(receiving, signedRequest, progress);
  } catch (error) {
    return unavailable(error);
  }
}

async function receive(
  receiving: Receiving,
  signedRequest: SignedRequest,
  { onUnderstood, onTraced }: Progress,
): Promise<Receipt> {
  const receivedAt = receiving.now();
  const startedAt = Date.now();
  const sender = await authenticate(receiving.store, signedRequest, receiving.allowUnsigned);
  if (!sender.authentic) return { outcome: 'unauthorized', why: sender.why };
  const { pipeline, signed } = sender;
  const { body, environment, traceparent } = signedRequest;
  const understood = interpretEvent(
    { body, pipeline, environment, signed, receivedAt },
    receiving.eventMaxAgeMs,
  );
  switch (understood.kind) {
    case 'refuse':
      return { outcome: 'unprocessable', fault: understood.sentence, signed };
    case 'ignore':
      return { outcome: 'ignored', code: understood.code, reason: understood.reason };
    case 'accept':
    case 'record': {
      onUnderstood();
      const sender = JSON.stringify([formatPipelineRef(pipeline), environment]);
      if (!receiving.events.take(sender)) return { outcome: 'too-many-events' };
      return traceEvent({ pipeline, environment, traceparent, signed, startedAt, onTraced }, () =>
        understood.kind === 'accept'
          ? accept(receiving.lanes, pipeline, understood)
          : record(receiving.lanes, pipeline, understood.fact, environment),
      );
    }
  }
}

/**
 * Records the report and the fact at once. If only one of them is recorded, the sender's next attempt records both: a
 * lane drops what it has.
 */
async function accept(
  lanes: LaneReporter,
  pipeline: PipelineRef,
  { event, to, fact }: Extract<Interpretation, { kind: 'accept' }>,
): Promise<Receipt> {
  const [{ lane }] = await Promise.all([
    lanes.report(event, to, reportDeadlineMs),
    ...(fact === undefined ? [] : recordFact(lanes, pipeline, fact)),
  ]);
  return { outcome: 'accepted', lane, event };
}

async function record(
  lanes: LaneReporter,
  pipeline: PipelineRef,
  addressed: AddressedFact,
  environment: string,
): Promise<Receipt> {
  const [{ lane }] = await Promise.all(recordFact(lanes, pipeline, addressed));
  const { fact } = addressed;
  return { outcome: 'recorded', lane, fact, meaning: factMeaning(fact, environment) };
}

type Recorded = ReturnType<LaneReporter['recordFact']>;

function recordFact(
  lanes: LaneReporter,
  pipeline: PipelineRef,
  { fact, into: [first, ...others] }: AddressedFact,
): [Recorded, ...Recorded[]] {
  const recordIn = (into: string): Recorded => lanes.recordFact(pipeline, fact, into, reportDeadlineMs);
  return [recordIn(first), ...others.map(recordIn)];
}
