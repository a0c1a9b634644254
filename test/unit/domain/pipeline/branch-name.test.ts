import { isBranchName } from '../../../../src/domain/pipeline/branch-name';

describe('a branch name', () => {
  it.each([
    'main',
    'release/1.x',
    'feature/ABC-1_x',
    'promotion-apps-shop-prod',
    'ünder',
    'a@b',
    'x'.repeat(250),
  ])('%p is one', (name) => {
    expect(isBranchName(name)).toBe(true);
  });

  it.each([
    '',
    '@',
    '-d',
    '--upload-pack=x',
    '/main',
    'main/',
    'a//b',
    '.main',
    'a/.b',
    'main.',
    'a..b',
    'a.lock',
    'a.lock/b',
    'a@{1}',
    'a b',
    'a\tb',
    'a\nb',
    'a\u0000b',
    'a\u007fb',
    'a~1',
    'a^',
    'a:b',
    'a?',
    'a*',
    'a[b',
    'a\\b',
    'x'.repeat(251),
  ])('%p is none', (name) => {
    expect(isBranchName(name)).toBe(false);
  });
});
