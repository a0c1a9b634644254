/** OpenTelemetry's tracer. Loaded only where traces are wanted: it costs as much time as the rest of a command. */
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  serviceNameEnvDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { type Logger } from 'pino';
import { version } from '../../../package.json';
import { redact } from '../../domain/network/redact';
import { readSampledTraceparent } from '../../domain/traceparent';
import { takeExemplarsFrom } from '../../metrics/measured-trace';
import { currentTraceparent } from '../../tracing/spans';
import { type Part } from '../lifetime/open-parts';
import { type Sampling, type Tracing } from './tracing-environment';

/** What is not sent by then is lost: a service must stop. */
const closeLimitMs = 3_000;
/** A collector that is away must not fill the log. */
const complaintEveryMs = 60_000;

/** @returns sends what is left when it is closed */
export function startTracer(service: string, { sampler, delayMs }: Tracing, log: Logger): Part {
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': service, 'service.version': version }))
    .merge(detectResources({ detectors: [resourceAttributesEnvDetector, serviceNameEnvDetector] }));
  const exporter = complaining(new OTLPTraceExporter(), log);
  const provider = new TracerProvider({
    resource,
    sampler: samplerOf(sampler),
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: delayMs })],
  });
  const contexts = new AsyncLocalStorageContextManager().enable();
  context.setGlobalContextManager(contexts);
  trace.setGlobalTracerProvider(provider);
  takeExemplarsFrom(() => readSampledTraceparent(currentTraceparent()));
  return {
    async close() {
      const { promise: late, resolve } = Promise.withResolvers<undefined>();
      const timer = setTimeout(() => resolve(undefined), closeLimitMs);
      // Its failure was logged.
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
      clearTimeout(timer);
      takeExemplarsFrom(() => undefined);
      trace.disable();
      context.disable();
    },
  };
}

function samplerOf({ parentBased, ratio }: Sampling): Sampler {
  const root = new TraceIdRatioBasedSampler(ratio);
  return parentBased ? new ParentBasedSampler({ root }) : root;
}

function complaining(exporter: SpanExporter, log: Logger): SpanExporter {
  let quietUntil = 0;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (result.error !== undefined && Date.now() >= quietUntil) {
          quietUntil = Date.now() + complaintEveryMs;
          log.warn(`Traces could not be sent to the collector: ${redact(result.error.message)}`);
        }
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    ...(exporter.forceFlush === undefined
      ? {}
      : { forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve() }),
  };
}
