/* eslint-disable jest/no-export -- the suite that each provider's own test file runs */
import { parseRepositoryUrl } from '../../../src/domain/pipeline/repository-url';
import { createOutbound } from '../../../src/http/outbound/create-outbound';
import { type PullRequest, type PullRequestProvider } from '../../../src/providers/port';
import { accessWith } from '../../support/api-access';
import { failureOf } from '../../support/classified-failure';
import { type Interposer, startInterposer } from './interposer';
import { type ContractCase, type Service } from './service';

const never = new AbortController().signal;
const branches = { head: 'promotion', base: 'main' };

/** What every provider has to do to follow a pull request to its end. */
export function describeFollowing(name: string, contract: ContractCase): void {
  describe(`the ${name} provider, following`, () => {
    declareFollowing(contract);
  });
}

function declareFollowing(contract: ContractCase): void {
  const [repository] = contract.repositories;
  let service: Service;
  let network: Interposer;
  let provider: PullRequestProvider;
  let head: string;

  const begin = async (open?: number): Promise<void> => {
    service = await contract.start(open);
    network = await startInterposer(service.url);
    const host = `127.0.0.1:${network.port}`;
    const { timeoutMs = 10_000 } = contract;
    const outbound = createOutbound({ allowedHosts: [host], allowPlainHttp: false, timeoutMs });
    provider = contract.module.connect({
      repository: parseRepositoryUrl(`http://${host}/${repository}.git`),
      access: accessWith(contract.token, outbound),
    });
  };
  afterEach(async () => {
    await network.close();
    await service.close();
  });
  const openOne = async (branch = 'promotion'): Promise<PullRequest> => {
    await service.createBranch(repository, branch);
    head = await service.push(repository, branch);
    return (await provider.create(
      { head: branch, base: 'main', title: `Promote ${branch}`, body: '' },
      never,
    ))!;
  };
  const requestsOf = async (work: () => Promise<unknown>): Promise<number> => {
    const before = network.seen.length;
    await work();
    return network.seen.length - before;
  };

  describe('what it says became of pull requests', () => {
    beforeEach(() => begin());

    it('is that they are open, at their heads', async () => {
      const { number } = await openOne();
      const { states } = await provider.changes({ numbers: [number] }, never);
      expect(states).toEqual([{ number, state: 'open', head }]);
    });

    it.each([
      ['merged', 'merge'],
      ['closed', 'reject'],
    ] as const)('is that a person %s one, who and when', async (state, action) => {
      const before = Date.now() - 2_000;
      const { number } = await openOne();
      const { seen } = await provider.changes({ numbers: [number] }, never);
      await service[action](repository, number, 'some-person');
      const { states } = await provider.changes({ numbers: [number], seen }, never);
      expect(states).toEqual([{ number, state, head, by: 'some-person', at: expect.any(Number) as number }]);
      expect(states[0]!.at).toBeGreaterThan(before);
      expect(states[0]!.at).toBeLessThan(Date.now() + 2_000);
    });

    it('is the head that it moved to', async () => {
      const { number } = await openOne();
      const { seen } = await provider.changes({ numbers: [number] }, never);
      const moved = await service.push(repository, 'promotion');
      const { states } = await provider.changes({ numbers: [number], seen }, never);
      expect(states).toEqual([{ number, state: 'open', head: moved }]);
    });

    it('is closed for a number that is not there', async () => {
      await openOne();
      expect((await provider.changes({ numbers: [4_711] }, never)).states).toEqual([
        { number: 4_711, state: 'closed' },
      ]);
    });

    it('is nothing of those that were not asked for', async () => {
      const one = await openOne('one');
      await openOne('two');
      const { states } = await provider.changes({ numbers: [one.number] }, never);
      expect(states.map(({ number }) => number)).toEqual([one.number]);
    });

    it('is the same after an answer that was lost', async () => {
      const { number } = await openOne();
      const { seen } = await provider.changes({ numbers: [number] }, never);
      await service.merge(repository, number, 'some-person');
      network.next('GET', { kind: 'lose-answer' });
      await failureOf(provider.changes({ numbers: [number], seen }, never));
      const { states } = await provider.changes({ numbers: [number], seen }, never);
      expect(states).toMatchObject([{ number, state: 'merged' }]);
    });

    it('is not closed where the token may no longer see the repository', async () => {
      const { number } = await openOne();
      network.next('GET', { kind: 'answer', status: 404, body: '{"message":"Not Found"}' });
      const failure = await failureOf(provider.changes({ numbers: [number] }, never));
      expect(failure.code).toBe('repository-not-found');
    });

    it.each(contract.rateLimits)('waits as long as $name asks for', async ({ answer, wait }) => {
      network.next('GET', answer);
      const failure = await failureOf(provider.changes({ numbers: [1] }, never));
      expect(failure).toMatchObject({ code: 'rate-limited', retryable: true });
      expect(failure.retryAfterMs).toBeGreaterThanOrEqual(wait[0]);
    });

    it('asks anew where what was seen is no longer of use', async () => {
      const { number } = await openOne();
      const seen = { tag: 'not an entity\r\ntag', updatedAt: 'no time' };
      expect((await provider.changes({ numbers: [number], seen }, never)).states).toHaveLength(1);
    });

    it('is the newest between two branches, in any state', async () => {
      expect(await provider.latest(branches, never)).toBeUndefined();
      const first = await openOne();
      await service.reject(repository, first.number, 'some-person');
      expect(await provider.latest(branches, never)).toMatchObject({
        ...first,
        ...{ state: 'closed', head, by: 'some-person' },
      });
      const second = await openOne();
      expect(await provider.latest(branches, never)).toMatchObject({ ...second, state: 'open', head });
    });
  });

  describe('what it says of conflicts', () => {
    beforeEach(() => begin());
    const openAnother = async (): Promise<PullRequest> => {
      await service.push(repository, 'another');
      return (await provider.create({ head: 'another', base: 'main', title: 'Another', body: '' }, never))!;
    };

    it('is which pull requests have some, of those that are open', async () => {
      const one = await openOne();
      const another = await openAnother();
      const numbers = [one.number, another.number];
      expect(await provider.conflicting(numbers, never)).toEqual([]);
      await service.conflict(repository, one.number);
      // A service may look for them only when it is asked, and knows the next time.
      await provider.conflicting(numbers, never);
      expect(await provider.conflicting(numbers, never)).toEqual([one.number]);
      await service.reject(repository, one.number, 'some-person');
      expect(await provider.conflicting(numbers, never)).toEqual([]);
    });

    it('takes no more requests for each than the service needs', async () => {
      const numbers = [(await openOne()).number, (await openAnother()).number];
      expect(await requestsOf(() => provider.conflicting(numbers, never))).toBeLessThanOrEqual(
        numbers.length * (contract.conflictRequests ?? 1),
      );
      expect(await requestsOf(() => provider.conflicting([], never))).toBe(0);
    });

    it('is nothing of a number that is not there', async () => {
      const { number } = await openOne();
      expect(await provider.conflicting([4_711, number], never)).toEqual([]);
    });

    it('is a failure where the token lacks the right', async () => {
      const { number } = await openOne();
      network.next('GET', contract.forbidden);
      expect(await failureOf(provider.conflicting([number], never))).toMatchObject({ code: 'forbidden' });
    });
  });

  describe('the commits of a pull request', () => {
    beforeEach(() => begin());

    it('are listed with their people, the oldest first', async () => {
      const pullRequest = await openOne();
      const before = head;
      const person = { name: 'Ada Lovelace', email: 'ada@example.com' };
      const pushed = await service.push(repository, 'promotion', person);
      const commits = await provider.commits(pullRequest, never);
      expect(commits.map(({ id }) => id)).toEqual([expect.any(String), before, pushed]);
      expect(commits[2]).toMatchObject({
        ...{ message: expect.stringMatching(/\w/) as string, people: [person.name, person.email] },
      });
      expect(commits[1]!.people).not.toContain(person.email);
    });

    it('are read from every page', async () => {
      const pullRequest = await openOne();
      if (service.pushMany === undefined)
        for (let count = 0; count < 59; count++) head = await service.push(repository, 'promotion');
      else head = await service.pushMany(repository, 'promotion', 59);
      const commits = await provider.commits(pullRequest, never);
      expect(new Set(commits.map(({ id }) => id)).size).toBe(61);
      expect(commits.at(-1)!.id).toBe(head);
    });

    it('are a failure where the token lacks the right', async () => {
      const pullRequest = await openOne();
      network.next('GET', contract.forbidden);
      expect(await failureOf(provider.commits(pullRequest, never))).toMatchObject({ code: 'forbidden' });
    });
  });

  describe('a required check', () => {
    beforeEach(() => begin());

    it('is known, and keeps merges waiting until it succeeds', async () => {
      const pullRequest = await openOne();
      expect(await provider.requiresCheck('main', never)).toBe(false);
      await service.requireGates(repository);
      expect(await provider.requiresCheck('main', never)).toBe(true);
      const refused = { merged: false, because: 'not-ready' };
      expect(await provider.merge(pullRequest, { head, manner: {} }, never)).toMatchObject(refused);
      await provider.setCheck({ head, state: 'pending', description: 'waits' }, never);
      expect(await provider.merge(pullRequest, { head, manner: {} }, never)).toMatchObject(refused);
      await provider.setCheck({ head, state: 'success', description: 'all gates are open' }, never);
      expect(await provider.merge(pullRequest, { head, manner: {} }, never)).toEqual({ merged: true });
    });

    it.each([
      ['lacks the right', contract.forbidden],
      ['may not see', { kind: 'answer', status: 404, body: '{"message":"404 Not Found"}' }],
    ] as const)('is unknown where the token %s', async (_name, answer) => {
      for (let count = 0; count < 2; count++) network.next('GET', answer);
      expect(await provider.requiresCheck('main', never)).toBeUndefined();
    });

    it('is not unknown because of a wrong token, a rate limit or a fault of the service', async () => {
      for (const status of [401, 429, 502]) {
        network.next('GET', { kind: 'answer', status });
        const failure = await failureOf(provider.requiresCheck('main', never));
        expect(['bad-credentials', 'rate-limited', 'provider-unavailable']).toContain(failure.code);
      }
    });
  });

  const { many } = contract;
  describe(`with ${many.open} open pull requests`, () => {
    beforeEach(() => begin(many.open), 120_000);
    const numbers = Array.from({ length: many.open }, (_, index) => index + 1);

    it('sends one request while nothing changes, and few when something does', async () => {
      let { seen, states } = await provider.changes({ numbers }, never);
      expect(states.map(({ number }) => number).sort((left, right) => left - right)).toEqual(numbers);
      expect(network.seen.length).toBeLessThanOrEqual(many.first);
      // The second question is another one than the first where the service is asked for later changes alone.
      ({ seen } = await provider.changes({ numbers, seen }, never));

      for (let polls = 0; polls < 2; polls++) {
        const polled = await requestsOf(async () => {
          ({ seen, states } = await provider.changes({ numbers, seen }, never));
        });
        expect(polled).toBe(many.unchanged);
        expect(states).toEqual([]);
      }
      await service.reject(repository, many.open / 2, 'some-person');
      const looked = await requestsOf(async () => {
        ({ seen, states } = await provider.changes({ numbers, seen }, never));
      });
      expect(states).toContainEqual(
        expect.objectContaining({ number: many.open / 2, state: 'closed', by: 'some-person' }),
      );
      expect(looked).toBeLessThanOrEqual(many.changed);
    }, 60_000);
  });

  describe('its check', () => {
    beforeEach(() => begin());
    const check = { state: 'pending', description: 'waits for 1 of 2 approvals' } as const;
    const url = 'https://windlass.example.com/apps/podinfo';

    it('is set once, however often it is set', async () => {
      await openOne();
      await provider.setCheck({ ...check, head, url }, never);
      const written = network.seen.length;
      await provider.setCheck({ ...check, head, url }, never);
      expect(network.seen.slice(written).filter((each) => !each.startsWith('GET'))).toEqual([]);
      expect(await service.gates(repository, head)).toEqual([
        { state: 'pending', description: check.description, url },
      ]);
    });

    it('follows the gates: to another sentence, open, closed again', async () => {
      await openOne();
      const steps = [
        check,
        { ...check, description: 'waits for 2 of 2 approvals' },
        { ...check, description: 'window opens Mon 09:00 CET' },
        { state: 'success', description: 'all gates are open' },
        check,
      ] as const;
      for (const step of steps) {
        await provider.setCheck({ ...step, head }, never);
        expect((await service.gates(repository, head))[0]).toMatchObject(step);
      }
    });

    it('is cut to what the service takes, and known again', async () => {
      await openOne();
      const description = `x${'🚢'.repeat(300)}`;
      await provider.setCheck({ ...check, head, description }, never);
      await provider.setCheck({ ...check, head, description }, never);
      const [gate, ...others] = await service.gates(repository, head);
      expect(others).toEqual([]);
      expect(gate!.description.length).toBeLessThanOrEqual(contract.descriptionLimit);
      expect(gate!.description.isWellFormed()).toBe(true);
    });

    it('is set once when its answer is lost', async () => {
      await openOne();
      network.next(contract.methods.check, { kind: 'lose-answer' });
      await failureOf(provider.setCheck({ ...check, head }, never));
      await provider.setCheck({ ...check, head }, never);
      expect(await service.gates(repository, head)).toHaveLength(1);
    });

    it('is none of the checks of others', async () => {
      await openOne();
      expect(await provider.checks(head, never)).toBe('none');
      await provider.setCheck({ ...check, head }, never);
      expect(await provider.checks(head, never)).toBe('none');
      await service.report(repository, head, 'docs', 'skipped');
      expect(await provider.checks(head, never)).toBe('none');
      await service.report(repository, head, 'build', 'running');
      expect(await provider.checks(head, never)).toBe('pending');
      await service.report(repository, head, 'build', 'success');
      expect(await provider.checks(head, never)).toBe('passed');
      await service.report(repository, head, 'lint', 'failure');
      expect(await provider.checks(head, never)).toBe('failed');
      await service.report(repository, head, 'lint', 'success');
      expect(await provider.checks(head, never)).toBe('passed');
    });

    it('counts the checks on every page', async () => {
      await openOne();
      for (let count = 0; count < 120; count++)
        await service.report(repository, head, `job-${count}`, 'success');
      await service.report(repository, head, 'the-last', 'failure');
      expect(await provider.checks(head, never)).toBe('failed');
    });
  });

  describe('a merge', () => {
    beforeEach(() => begin());

    it('merges at the head that it was given, and once', async () => {
      const pullRequest = await openOne();
      expect(await provider.merge(pullRequest, { head, manner: {} }, never)).toEqual({ merged: true });
      expect(await provider.merge(pullRequest, { head, manner: {} }, never)).toEqual({ merged: true });
      const { states } = await provider.changes({ numbers: [pullRequest.number] }, never);
      expect(states).toMatchObject([{ state: 'merged', by: contract.user }]);
    });

    it('is known after its answer was lost', async () => {
      const pullRequest = await openOne();
      network.next(contract.methods.merge, { kind: 'lose-answer' });
      await failureOf(provider.merge(pullRequest, { head, manner: {} }, never));
      expect(await provider.merge(pullRequest, { head, manner: {} }, never)).toEqual({ merged: true });
    });

    it('does not happen at another head', async () => {
      const pullRequest = await openOne();
      const before = head;
      await service.push(repository, 'promotion');
      expect(await provider.merge(pullRequest, { head: before, manner: {} }, never)).toMatchObject({
        ...{ merged: false, because: 'head-moved', words: expect.stringMatching(/\w/) as string },
      });
      expect(await service.pullRequests(repository)).toMatchObject([{ open: true }]);
    });

    it('does not happen in a conflict', async () => {
      const pullRequest = await openOne();
      await service.conflict(repository, pullRequest.number);
      expect(await provider.merge(pullRequest, { head, manner: {} }, never)).toMatchObject({
        ...{ merged: false, because: 'conflict', words: expect.stringMatching(/\w/) as string },
      });
    });

    it('does not happen to one that a person closed', async () => {
      const pullRequest = await openOne();
      await service.reject(repository, pullRequest.number, 'some-person');
      expect(await provider.merge(pullRequest, { head, manner: {} }, never)).toMatchObject({
        ...{ merged: false, because: 'not-allowed' },
      });
    });

    it('reports a fault of the service as one', async () => {
      const pullRequest = await openOne();
      network.next(contract.methods.merge, { kind: 'answer', status: 502 });
      expect(await failureOf(provider.merge(pullRequest, { head, manner: {} }, never))).toMatchObject({
        code: 'provider-unavailable',
      });
    });
  });

  describe('a comment', () => {
    beforeEach(() => begin());
    const commentsOf = async (): Promise<readonly string[]> =>
      (await service.pullRequests(repository))[0]!.comments;

    it('is written, left alone and edited', async () => {
      const pullRequest = await openOne();
      const edits = network.seen.length;
      await provider.comment(pullRequest, { key: 'gates', body: 'waits' }, never);
      await provider.comment(pullRequest, { key: 'gates', body: 'waits' }, never);
      expect(network.seen.slice(edits).filter((each) => !each.startsWith('GET'))).toHaveLength(1);
      await provider.comment(pullRequest, { key: 'gates', body: 'is open' }, never);
      expect(await commentsOf()).toEqual([contract.commented('gates', 'is open')]);
    });

    it('is one for each key', async () => {
      const pullRequest = await openOne();
      for (const key of ['gates', 'gates-2', 'tests --> & more']) {
        await provider.comment(pullRequest, { key, body: key }, never);
        await provider.comment(pullRequest, { key, body: key }, never);
      }
      expect(await commentsOf()).toHaveLength(3);
      expect((await commentsOf())[2]).toBe(contract.commented('tests --> & more', 'tests --> & more'));
    });

    it('is not that of a person who copied its mark', async () => {
      const pullRequest = await openOne();
      const copied = contract.commented('gates', 'all is well');
      await service.remark(repository, pullRequest.number, 'some-person', copied);
      await provider.comment(pullRequest, { key: 'gates', body: 'waits' }, never);
      await provider.comment(pullRequest, { key: 'gates', body: 'still waits' }, never);
      expect(await commentsOf()).toEqual([copied, contract.commented('gates', 'still waits')]);
    });

    it('is found behind a page of others', async () => {
      const pullRequest = await openOne();
      for (let count = 0; count < 101; count++) {
        await service.remark(repository, pullRequest.number, 'some-person', `remark ${count}`);
      }
      await provider.comment(pullRequest, { key: 'gates', body: 'waits' }, never);
      await provider.comment(pullRequest, { key: 'gates', body: 'is open' }, never);
      expect(await commentsOf()).toHaveLength(102);
    });

    it('is written once when its answer is lost', async () => {
      const pullRequest = await openOne();
      network.next(contract.methods.comment, { kind: 'lose-answer' });
      await failureOf(provider.comment(pullRequest, { key: 'gates', body: 'waits' }, never));
      await provider.comment(pullRequest, { key: 'gates', body: 'waits' }, never);
      expect(await commentsOf()).toEqual([contract.commented('gates', 'waits')]);
    });

    it('is cut to what the service takes', async () => {
      const pullRequest = await openOne();
      await provider.comment(pullRequest, { key: 'gates', body: '🚢 line\n'.repeat(200_000) }, never);
      expect((await commentsOf())[0]).toMatch(/truncated: longer than the provider allows\)$/);
    });
  });
}
