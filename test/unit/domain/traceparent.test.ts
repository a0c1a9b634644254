import { formatTraceparent, readSampledTraceparent, readTraceparent } from '../../../src/domain/traceparent';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

it.each([
  ['a sampled one', `00-${traceId}-${spanId}-01`, true],
  ['one that is not sampled', `00-${traceId}-${spanId}-00`, false],
  ['one with flags that are not known yet', `00-${traceId}-${spanId}-ff`, true],
  ['one of a later version, with a field more', `01-${traceId}-${spanId}-01-more`, true],
])('reads %s', (_, text, sampled) => {
  expect(readTraceparent(text)).toEqual({ traceId, spanId, sampled });
});

it.each([
  ['nothing', undefined],
  ['another type', { traceId }],
  ['a field more than this version has', `00-${traceId}-${spanId}-01-more`],
  ['the version that is never valid', `ff-${traceId}-${spanId}-01`],
  ['capital digits', `00-${traceId.toUpperCase()}-${spanId}-01`],
  ['a trace of zeros', `00-${'0'.repeat(32)}-${spanId}-01`],
  ['a span of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
  ['a trace that is too short', `00-${traceId.slice(1)}-${spanId}-01`],
  ['a line break behind it', `00-${traceId}-${spanId}-01\n`],
  ['two headers in one', `00-${traceId}-${spanId}-01, 00-${traceId}-${spanId}-01`],
  ['a megabyte', `01-${traceId}-${spanId}-01-${'x'.repeat(1_000_000)}`],
])('refuses %s', (_, text) => {
  expect(readTraceparent(text)).toBeUndefined();
});

it.each([
  ['sampled', '01', { traceId, spanId, sampled: true }],
  ['sampled, with a flag more', '03', { traceId, spanId, sampled: true }],
  ['not sampled', '00', undefined],
  ['not sampled, with a flag more', '02', undefined],
])('one that is %s is kept accordingly', (_, flags, kept) => {
  expect(readSampledTraceparent(`00-${traceId}-${spanId}-${flags}`)).toEqual(kept);
});

it('what is not a traceparent is not kept either', () => {
  expect(readSampledTraceparent(`00-${traceId}-${spanId}-01"} 1`)).toBeUndefined();
});

it('writes what it reads, as this version of the header', () => {
  const text = `00-${traceId}-${spanId}-01`;
  const read = readTraceparent(`cc-${traceId}-${spanId}-03-what-follows`);
  expect(read && formatTraceparent(read)).toBe(text);
});
