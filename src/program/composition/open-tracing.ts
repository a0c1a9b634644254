/**
 * Starts the tracer where OpenTelemetry's variables name a collector:
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/. Its code is loaded only then.
 */
import { type Logger } from 'pino';
import { type Environment } from '../../config/setting';
import { type OpenParts } from '../lifetime/open-parts';
import { readTracing } from './tracing-environment';

/** @param service as it is named in the traces, unless OTEL_SERVICE_NAME is set */
export async function openTracing(
  parts: Pick<OpenParts, 'add'>,
  service: string,
  env: Environment,
  log: Logger,
): Promise<void> {
  const { tracing, warnings } = readTracing(env);
  for (const warning of warnings) log.warn(warning);
  if (tracing === undefined) return;
  const { startTracer } = await import('./start-tracer.js');
  await parts.add(startTracer(service, tracing, log));
}
