import { changesLink, changesTemplateFault } from '../../../../src/domain/pipeline/changes-link';

const compare = 'https://git.example.com/acme/shop/compare/v{from}...v{to}';

it.each([
  compare,
  'https://git.example.com:8443/acme/shop/-/releases/{to}?tab=changes',
  'https://git.example.com/#{from}..{to}',
])('takes %s', (template) => {
  expect(changesTemplateFault(template)).toBeUndefined();
});

it.each<readonly [template: string, because: string]>([
  ['', 'blank'],
  ['http://git.example.com/{to}', 'https'],
  ['javascript:alert("{to}")', 'https'],
  ['https://ada:secret@git.example.com/{to}', 'without credentials'],
  ['https://{to}.example.com/', 'only after the host'],
  ['https://git.example.com{to}/', 'only after the host'],
  ['https://git.example.com\\@evil.example/{to}', 'only after the host'],
  ['https://git.example.com/a b/{to}', 'such as https://'],
  ['https://git.example.com/compare', 'must have {to}'],
  ['https://git.example.com/{from}', 'must have {to}'],
  ['https://git.example.com/{to}/{namespace}', 'unknown variable {namespace}: there are {from}, {to}'],
  [`https://git.example.com/{to}/${'a'.repeat(500)}`, 'longer than 500'],
  ['https://git.example.com/{to}\nhttps://evil.example/', 'one line'],
  ['https://[::1/{to}', 'browser'],
])('refuses %j', (template, because) => {
  expect(changesTemplateFault(template)).toContain(because);
});

it('escapes what versions have in them, so that they cannot leave their place', () => {
  expect(changesLink(compare, '1.0.0', '1.1.0+a/../b?c#d')).toBe(
    'https://git.example.com/acme/shop/compare/v1.0.0...v1.1.0%2Ba%2F..%2Fb%3Fc%23d',
  );
});

it('without a version before there is nothing to compare with', () => {
  expect(changesLink(compare, undefined, '1.1.0')).toBeUndefined();
  expect(changesLink('https://git.example.com/releases/{to}', undefined, '1.1.0')).toBe(
    'https://git.example.com/releases/1.1.0',
  );
});
