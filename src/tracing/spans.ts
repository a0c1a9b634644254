/**
 * Spans of Windlass, by OpenTelemetry's API alone: until `windlass` starts a tracer, all of this does nothing. Attributes
 * never have secrets, query strings or texts of others: an error is its code.
 */
import {
  type Attributes,
  type Context,
  context,
  createContextKey,
  isSpanContextValid,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from '@opentelemetry/api';
import { WindlassError } from '../domain/errors';
import { formatTraceparent, readTraceparent } from '../domain/traceparent';

export interface SpanOptions {
  readonly kind?: 'server' | 'client';
  readonly attributes?: Attributes;
  /** When it began, milliseconds since the epoch; absent: now. */
  readonly startedAt?: number;
}

export interface EntryOptions extends SpanOptions {
  /** A `traceparent`. Absent or invalid: a trace begins, and the sampler decides on it. */
  readonly parent?: string | undefined;
  /** The promotion that it works for, for the log. */
  readonly promotion?: string | undefined;
}

/** What the work of a span can add to it. */
export interface OpenSpan {
  set(attributes: Attributes): void;
}

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT } as const;
const promotionKey = createContextKey('windlass promotion');

/** Runs work that comes in from outside, in a span of its own. */
export function enterSpan<T>(
  name: string,
  { parent, promotion, ...options }: EntryOptions,
  work: (span: OpenSpan) => Promise<T>,
): Promise<T> {
  const base = parentContext(parent);
  const within = promotion === undefined ? base : base.setValue(promotionKey, promotion);
  return runSpan(within, name, options, work);
}

/** Runs work as a part of the span that is open now. Without one it only runs: what no one follows has no span. */
export function inSpan<T>(
  name: string,
  options: SpanOptions,
  work: (span: OpenSpan) => Promise<T>,
): Promise<T> {
  if (trace.getActiveSpan() === undefined) return work(closed);
  return runSpan(context.active(), name, options, work);
}

export interface Moment {
  /** A `traceparent`. */
  readonly parent: string;
  readonly attributes: Attributes;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  /** `traceparent`s of what led to it, in traces of their own. */
  readonly links?: readonly string[];
}

/** Records something that has happened. */
export function recordSpan(name: string, { parent, attributes, from, to, links = [] }: Moment): void {
  const options = { startTime: Math.min(from, to), attributes, links: links.flatMap(linkTo) };
  tracer().startSpan(name, options, parentContext(parent)).end(to);
}

/** Links the span that is open now to another trace. */
export function linkSpan(traceparent: string | undefined): void {
  for (const link of linkTo(traceparent)) trace.getActiveSpan()?.addLink(link);
}

/** @returns the `traceparent` of the span that is open now */
export function currentTraceparent(): string | undefined {
  const span = activeContext();
  if (span === undefined) return undefined;
  const { traceId, spanId, traceFlags } = span;
  return formatTraceparent({ traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 });
}

export interface TraceFields {
  readonly trace_id?: string;
  readonly span_id?: string;
  readonly promotion?: string;
}

/**
 * For a line of the log, by the names of
 * https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/
 */
export function traceFields(): TraceFields {
  const span = activeContext();
  if (span === undefined) return {};
  const promotion = context.active().getValue(promotionKey);
  return {
    trace_id: span.traceId,
    span_id: span.spanId,
    ...(typeof promotion === 'string' ? { promotion } : {}),
  };
}

const tracer = () => trace.getTracer('windlass');
const closed: OpenSpan = { set: () => undefined };

function activeContext(): SpanContext | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  return span !== undefined && isSpanContextValid(span) ? span : undefined;
}

async function runSpan<T>(
  within: Context,
  name: string,
  { kind, attributes = {}, startedAt }: SpanOptions,
  work: (span: OpenSpan) => Promise<T>,
): Promise<T> {
  const options = {
    attributes,
    ...(kind === undefined ? {} : { kind: kinds[kind] }),
    ...(startedAt === undefined ? {} : { startTime: startedAt }),
  };
  const span = tracer().startSpan(name, options, within);
  try {
    return await context.with(trace.setSpan(within, span), () => work(openSpan(span)));
  } catch (error) {
    span.setAttribute('error.type', errorType(error)).setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

function openSpan(span: Span): OpenSpan {
  return { set: (attributes) => void span.setAttributes(attributes) };
}

/** @param traceparent absent or invalid: no parent, not even the span that is open */
function parentContext(traceparent: string | undefined): Context {
  const parent = spanContextOf(traceparent);
  return parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
}

function linkTo(traceparent: string | undefined): Link[] {
  const linked = spanContextOf(traceparent);
  return linked === undefined ? [] : [{ context: linked }];
}

function spanContextOf(traceparent: string | undefined): SpanContext | undefined {
  const read = readTraceparent(traceparent);
  if (read === undefined) return undefined;
  const { traceId, spanId, sampled } = read;
  return { traceId, spanId, traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE, isRemote: true };
}

/** A code where there is one: a message may have anything. */
function errorType(error: unknown): string {
  if (error instanceof WindlassError) return error.code;
  if (!(error instanceof Error)) return 'unknown';
  const { type } = error as { readonly type?: unknown };
  return typeof type === 'string' && /^[a-z-]{1,40}$/.test(type) ? type : error.name;
}
