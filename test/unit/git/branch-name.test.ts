import { type FailureCode } from '../../../src/domain/errors';
import { branchRef, isBranchName } from '../../../src/git/branch-name';

const failure = (code: FailureCode) => expect.objectContaining({ code }) as Error;

describe('a branch name', () => {
  test.each(['main', 'release/1.x', 'feature/a@b', 'ü', 'a.b', 'promotion-ns-app-staging'])(
    'may be %j',
    (name) => {
      expect(branchRef(name)).toBe(`refs/heads/${name}`);
    },
  );

  test.each([
    '',
    '@',
    '--upload-pack=touch /tmp/x',
    '-d',
    'refs/heads/../x',
    'a..b',
    'a b',
    'a\nb',
    'a\u007f',
    'a~1',
    'a^',
    'a:b',
    'a?',
    'a*',
    'a[b',
    'a\\b',
    'a@{1}',
    '/a',
    'a/',
    'a//b',
    '.a',
    'a/.b',
    'a.lock',
    'a.lock/b',
    'a.',
  ])('may not be %j', (name) => {
    expect(isBranchName(name)).toBe(false);
    expect(() => branchRef(name)).toThrow(failure('invalid-pipeline'));
  });
});
