import { readConfig } from '../../../src/config/config';
import { tracePage } from '../../../src/program/composition/trace-page';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const kept = `00-${traceId}-00f067aa0ba902b7-01`;

it('is the address with the id of the trace', () => {
  expect(tracePage('https://jaeger.example/trace/{traceId}', kept)).toBe(
    `https://jaeger.example/trace/${traceId}`,
  );
});

it.each([
  ['an address', undefined, kept],
  ['a trace', 'https://jaeger.example/trace/{traceId}', undefined],
  ['a trace that is kept', 'https://jaeger.example/trace/{traceId}', kept.replace(/1$/, '0')],
])('there is none without %s', (_, template, traceparent) => {
  expect(tracePage(template, traceparent)).toBeUndefined();
});

it.each([
  'https://jaeger.example/trace/',
  'https://user:password@jaeger.example/{traceId}',
  'javascript:alert("{traceId}")',
  'https://{traceId}.example/',
])('--trace-url=%s is refused', (traceUrl) => {
  expect(() => readConfig({ traceUrl, pipelinesDir: '/' }, {})).toThrow('--trace-url');
});
