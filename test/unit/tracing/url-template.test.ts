import { urlTemplate } from '../../../src/tracing/url-template';

it.each([
  ['https://api.github.com/repos/acme/fleet/pulls/12', '/repos/{}/{}/pulls/{}'],
  [
    'https://gitlab.com/api/v4/projects/acme%2Ffleet/merge_requests?private_token=secret',
    '/api/v4/projects/{}/merge_requests',
  ],
  [
    'https://dev.azure.com/acme/p/_apis/git/repositories/fleet/pullrequests',
    '/{}/{}/_apis/git/repositories/{}/pullrequests',
  ],
  ['https://user:password@example.com/token-in-the-path/', '/{}/'],
  ['https://example.com', '/'],
])('%s is %s', (url, template) => {
  expect(urlTemplate(new URL(url))).toBe(template);
});

it('is bounded for the longest of paths', () => {
  expect(urlTemplate(new URL(`https://example.com${'/a'.repeat(10_000)}`)).length).toBeLessThan(200);
});
