import { parseGoDuration } from '../../../src/domain/go-duration';

it.each([
  ['24h', 86_400_000],
  ['1h30m', 5_400_000],
  ['300ms', 300],
  ['1.5s', 1_500],
  ['.5m', 30_000],
  ['2m0.5s', 120_500],
  ['1000us', 1],
  ['1000µs', 1],
  ['1000000ns', 1],
  ['0', 0],
  ['0s', 0],
])('reads %s as %d ms', (text, milliseconds) => {
  expect(parseGoDuration(text)).toBeCloseTo(milliseconds, 6);
});

it.each(['', '24', 'h', '1d', '-1h', '1h 30m', '1h30', '1..5s', '1e3s', '24h!', 'x24h'])(
  'refuses %j, as Go does',
  (text) => {
    expect(parseGoDuration(text)).toBeUndefined();
  },
);
