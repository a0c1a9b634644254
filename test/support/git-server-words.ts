/* eslint-disable jest/no-export -- the suite that each provider's own test file runs */
import { type FailureCode } from '../../src/domain/errors';
import { classifyGitFailure } from '../../src/git/transport/failure-classification';
import { type GitAttempt } from '../../src/git/transport/failure-rule';
import { type ProviderModule } from '../../src/providers/port';

type Operation = Omit<GitAttempt, 'serverRefusals'>;

/** What a service's Git server was seen to make git print, and what it means. */
export type Said = readonly [name: string, attempt: Operation, code: FailureCode, output: string];

export const push: Operation = {
  operation: 'push',
  host: 'git.example.com',
  branch: 'promotion-ns-app-staging',
};
export const fetch: Operation = { operation: 'fetch', host: 'git.example.com', branch: 'main' };

export function describeGitServer({ type, serverRefusals }: ProviderModule, said: readonly Said[]): void {
  describe(`the Git server of ${type}`, () => {
    test.each(said)('%s', (_name, attempt, code, output) => {
      expect(classifyGitFailure(output, { ...attempt, serverRefusals })).toMatchObject({ code });
    });

    test('was heard to say each of its refusals', () => {
      const unheard = serverRefusals.filter(
        ({ pattern }) => !said.some(([, , , output]) => pattern.test(output)),
      );
      expect(unheard).toEqual([]);
    });

    test('is told by patterns that keep no state from one text to the next', () => {
      expect(serverRefusals.filter(({ pattern }) => pattern.global || pattern.sticky)).toEqual([]);
    });
  });
}
