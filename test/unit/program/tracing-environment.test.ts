import { readTracing } from '../../../src/program/composition/tracing-environment';

const on = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

it.each([
  ['no variable', {}],
  ['an empty endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }],
  ['an SDK that is disabled', { ...on, OTEL_SDK_DISABLED: 'TRUE' }],
  ['no exporter', { ...on, OTEL_TRACES_EXPORTER: 'none' }],
])('is off with %s', (_, env) => {
  expect(readTracing(env)).toEqual({ warnings: [] });
});

it.each([
  ['the endpoint of all signals', on],
  ['that of traces', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/v1/traces' }],
])('is on with %s, and keeps what others keep', (_, env) => {
  expect(readTracing(env)).toEqual({
    tracing: { sampler: { parentBased: true, ratio: 1 }, delayMs: 5_000 },
    warnings: [],
  });
});

it.each([
  ['always_off', undefined, { parentBased: false, ratio: 0 }],
  ['parentbased_traceidratio', '0.1', { parentBased: true, ratio: 0.1 }],
  ['traceidratio', '0', { parentBased: false, ratio: 0 }],
])('samples by %s', (name, argument, sampler) => {
  const env = { ...on, OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: argument };
  expect(readTracing(env)).toMatchObject({ tracing: { sampler }, warnings: [] });
});

it.each([
  ['OTEL_TRACES_SAMPLER', { OTEL_TRACES_SAMPLER: 'jaeger_remote' }],
  ['OTEL_TRACES_SAMPLER_ARG', { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '10%' }],
])('warns of a %s that it cannot follow, and keeps all traces', (variable, env) => {
  const { tracing, warnings } = readTracing({ ...on, ...env });
  expect(tracing?.sampler.ratio).toBe(1);
  expect(warnings).toEqual([expect.stringContaining(variable)]);
});

it('is off, with a warning, for a protocol that it does not speak', () => {
  expect(readTracing({ ...on, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' })).toEqual({
    warnings: [expect.stringContaining('OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf')],
  });
});
