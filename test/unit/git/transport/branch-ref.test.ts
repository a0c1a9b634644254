import { type FailureCode } from '../../../../src/domain/errors';
import { branchRef } from '../../../../src/git/transport/branch-ref';

const failure = (code: FailureCode) => expect.objectContaining({ code }) as Error;

it('names a branch by its full ref', () => {
  expect(branchRef('release/1.x')).toBe('refs/heads/release/1.x');
});

it.each(['', '--upload-pack=touch /tmp/x', 'refs/heads/../x', 'a:b', 'a.lock'])(
  'refuses %j, before git could take it for anything else',
  (name) => {
    expect(() => branchRef(name)).toThrow(failure('invalid-pipeline'));
  },
);
