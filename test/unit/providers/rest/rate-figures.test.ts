import { rateFigures } from '../../../../src/providers/rest/rate-figures';
import { noon } from '../../../support/events';

const figures = (headers: Record<string, string>) => rateFigures(headers, noon);

it('figures of GitHub are read with the server’s clock, and a second for its rounding', () => {
  const headers = {
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': '4999',
    'x-ratelimit-reset': String(noon / 1_000 + 60),
    date: new Date(noon + 20_000).toUTCString(),
  };
  expect(figures(headers)).toEqual({
    limit: 5_000,
    remaining: 4_999,
    resetInMs: 41_000,
    mark: noon + 60_000,
  });
});

it.each([
  ['epoch seconds', String(noon / 1_000 + 30)],
  ['seconds from now', '30'],
])('a reset in %s is understood', (_, reset) => {
  const headers = { 'ratelimit-limit': '60', 'ratelimit-remaining': '3', 'ratelimit-reset': reset };
  expect(figures(headers)).toMatchObject({ limit: 60, remaining: 3, resetInMs: 31_000 });
});

it.each([
  ['no headers', {}],
  ['no reset', { 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '3' }],
  ['words', { 'x-ratelimit-limit': 'many', 'x-ratelimit-remaining': '3', 'x-ratelimit-reset': '1' }],
  [
    'the figures of searches',
    {
      'x-ratelimit-limit': '30',
      'x-ratelimit-remaining': '3',
      'x-ratelimit-reset': '1',
      'x-ratelimit-resource': 'search',
    },
  ],
])('%s are no figures', (_, headers) => {
  expect(figures(headers)).toBeUndefined();
});

it('a hostile answer cannot stop requests for longer than a day, nor leave more than its limit', () => {
  const headers = { 'ratelimit-limit': '60', 'ratelimit-remaining': '900', 'ratelimit-reset': '99999999999' };
  expect(figures(headers)).toMatchObject({ limit: 60, remaining: 60, resetInMs: 24 * 3_600_000 });
});
