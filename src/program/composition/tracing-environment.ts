/** OpenTelemetry's variables, as far as its exporter and resource do not read them themselves. */
import { type Environment } from '../../config/setting';

export interface Tracing {
  readonly sampler: Sampling;
  /** Before a batch is sent, in milliseconds. */
  readonly delayMs: number;
}

export interface Sampling {
  /** Whether a trace that began elsewhere is kept as its beginning was. */
  readonly parentBased: boolean;
  /** Of the others, from 0 to 1. */
  readonly ratio: number;
}

export interface TracingReading {
  /** Undefined: it is off. */
  readonly tracing?: Tracing;
  /** Sentences for the log. */
  readonly warnings: readonly string[];
}

const samplers: Readonly<Record<string, { readonly parentBased: boolean; readonly ratio?: number }>> = {
  always_on: { parentBased: false, ratio: 1 },
  always_off: { parentBased: false, ratio: 0 },
  traceidratio: { parentBased: false },
  parentbased_always_on: { parentBased: true, ratio: 1 },
  parentbased_always_off: { parentBased: true, ratio: 0 },
  parentbased_traceidratio: { parentBased: true },
};
const defaultSampler = 'parentbased_always_on';
const protocol = 'http/protobuf';
const defaultDelayMs = 5_000;

/** What is wrong turns no service off: traces are less than promotions. */
export function readTracing(env: Environment): TracingReading {
  const value = (name: string): string => env[name]?.trim() ?? '';
  const isNamed =
    value('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') !== '' || value('OTEL_EXPORTER_OTLP_ENDPOINT') !== '';
  const isOff =
    value('OTEL_SDK_DISABLED').toLowerCase() === 'true' || value('OTEL_TRACES_EXPORTER') === 'none';
  if (!isNamed || isOff) return { warnings: [] };
  const variable =
    value('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') === ''
      ? 'OTEL_EXPORTER_OTLP_PROTOCOL'
      : 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL';
  if (!['', protocol].includes(value(variable))) {
    return {
      warnings: [
        `There are no traces: ${variable} must be ${protocol}, with the collector's port for HTTP (4318).`,
      ],
    };
  }
  const warnings: string[] = [];
  const sampler = readSampler(value('OTEL_TRACES_SAMPLER'), value('OTEL_TRACES_SAMPLER_ARG'), warnings);
  const delay = Number(value('OTEL_BSP_SCHEDULE_DELAY') || defaultDelayMs);
  return { tracing: { sampler, delayMs: delay >= 0 ? delay : defaultDelayMs }, warnings };
}

function readSampler(name: string, argument: string, warnings: string[]): Sampling {
  const known = samplers[name === '' ? defaultSampler : name];
  if (known === undefined) {
    warnings.push(
      `OTEL_TRACES_SAMPLER counts as ${defaultSampler}: use ${Object.keys(samplers).join(', ')}.`,
    );
    return { parentBased: true, ratio: 1 };
  }
  if (known.ratio !== undefined) return { parentBased: known.parentBased, ratio: known.ratio };
  const ratio = argument === '' ? 1 : Number(argument);
  if (ratio >= 0 && ratio <= 1) return { parentBased: known.parentBased, ratio };
  warnings.push('OTEL_TRACES_SAMPLER_ARG counts as 1: use a number from 0 to 1.');
  return { parentBased: known.parentBased, ratio: 1 };
}
