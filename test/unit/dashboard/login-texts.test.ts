import { failureSentence } from '../../../dashboard/src/login/login-failures';
import { returnAddress } from '../../../dashboard/src/login/return-address';
import { loginFailures } from '../../../src/api/dashboard/login-failures';

it.each(loginFailures)('the login page has a sentence for a login that ended with %s', (code) => {
  expect(failureSentence(code)).toMatch(/^[A-Z].*\.$/);
});

it.each([null, '', 'toString', '__proto__', '<b>Call 555-0100</b>'])(
  'an address puts no text into the page: %s',
  (code) => {
    expect(failureSentence(code)).toBeUndefined();
  },
);

it.each([
  ['/', '', '/'],
  ['/pipelines/apps/shop', '?tab=1', '/pipelines/apps/shop?tab=1'],
  ['/login', '', '/'],
  ['/login', '?failed=denied&returnTo=%2Ffigures%3Fweeks%3D4', '/figures?weeks=4'],
  ['/login', '?returnTo=https%3A%2F%2Fevil.example', '/'],
  ['/login', '?returnTo=%2F%2Fevil.example', '/'],
  ['/login', '?returnTo=%2F.%2F%2Fevil.example', '/'],
  ['/login', '?returnTo=%2F%5Cevil.example', '/'],
  ['/login', '?returnTo=javascript%3Aalert(1)', '/'],
  ['/login', '?returnTo=%2Flogin', '/'],
])('from %s%s a login leads to %s', (pathname, search, expected) => {
  expect(returnAddress({ pathname, search })).toBe(expected);
});
