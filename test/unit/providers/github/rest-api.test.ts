import { githubApi } from '../../../../src/providers/github/rest-api';

const repository = 'https://api.github.com/repos/acme/apps';

it.each([
  ['GET', '/pulls', false],
  ['POST', '/pulls', true],
  ['POST', '/issues/7/comments', true],
  ['PUT', '/pulls/7/merge', true],
  ['POST', `/statuses/${'a'.repeat(40)}`, false],
])('%s %s counts as a change: %s', (method, path, isChange) => {
  expect(githubApi.isChange?.(method, repository + path)).toBe(isChange);
});
