import { sampledTrace } from '../../../src/metrics/measured-trace';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

it.each([`00-${traceId}-${spanId}-01`, `00-${traceId}-${spanId}-03`])('%s is sampled', (traceparent) => {
  expect(sampledTrace(traceparent)).toEqual({ traceId, spanId });
});

it.each([
  ['one that is not sampled', `00-${traceId}-${spanId}-00`],
  ['an id of zeros', `00-${'0'.repeat(32)}-${spanId}-01`],
  ['a span of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
  ['another version', `01-${traceId}-${spanId}-01`],
  ['more text', `00-${traceId}-${spanId}-01"} 1`],
  ['nothing', undefined],
  ['a number', 1],
])('%s has no trace', (_what, traceparent) => {
  expect(sampledTrace(traceparent)).toBeUndefined();
});
