/* eslint-disable jest/no-export -- the suite that each provider's own test file runs */
import { inspect } from 'node:util';
import { parseRepositoryUrl } from '../../../src/domain/pipeline/repository-url';
import { createOutbound } from '../../../src/http/outbound/create-outbound';
import { ensurePullRequest } from '../../../src/providers/ensure-pull-request';
import { type PullRequestDraft, type PullRequestProvider } from '../../../src/providers/port';
import { accessWith } from '../../support/api-access';
import { failureOf } from '../../support/classified-failure';
import { type Interposer, startInterposer } from './interposer';
import { type ContractCase, type Service, type ServicePullRequest } from './service';

const never = new AbortController().signal;
const draft = (head: string, base = 'main'): PullRequestDraft => ({
  head,
  base,
  title: 'Promote flux-system/podinfo in staging to 1.2.3',
  body: 'flux-system/podinfo/staging\n\n| from | to |\n|---|---|\n| 1.2.2 | **1.2.3** |\n',
});

/** What every provider has to do, whichever the service. */
export function describeProvider(name: string, contract: ContractCase): void {
  const [first, second] = contract.repositories;

  describe(`the ${name} provider`, () => {
    let service: Service;
    let network: Interposer;

    beforeEach(async () => {
      service = await contract.start();
      network = await startInterposer(service.url);
    });
    afterEach(async () => {
      await network.close();
      await service.close();
    });

    const { timeoutMs: patience = 2_000 } = contract;
    const connect = (
      repository: string = first,
      token = contract.token,
      timeoutMs = patience,
    ): PullRequestProvider => {
      const host = `127.0.0.1:${network.port}`;
      return contract.module.connect({
        repository: parseRepositoryUrl(`http://${host}/${repository}.git`),
        access: accessWith(token, createOutbound({ allowedHosts: [host], allowPlainHttp: false, timeoutMs })),
      });
    };
    const openIn = async (repository: string): Promise<readonly ServicePullRequest[]> =>
      (await service.pullRequests(repository)).filter(({ open }) => open);

    describe('on a service that works', () => {
      it('finds nothing where nothing is open', async () => {
        await service.createBranch(first, 'promotion');
        expect(await connect().findOpen({ head: 'promotion', base: 'main' }, never)).toBeUndefined();
      });

      it('creates a pull request with the texts as they are, and finds it', async () => {
        await service.createBranch(first, 'promotion');
        const created = await connect().create(draft('promotion'), never);
        const { title, body } = draft('promotion');
        expect(created).toMatchObject({ title, body });
        expect(new URL(created!.url).pathname).toContain(`/${first}/`);
        expect(await openIn(first)).toEqual([
          expect.objectContaining({ number: created!.number, title, body, head: 'promotion', base: 'main' }),
        ]);
        expect(await connect().findOpen({ head: 'promotion', base: 'main' }, never)).toEqual(created);
      });

      it('takes an empty body for an empty body', async () => {
        await service.createBranch(first, 'promotion');
        await connect().create({ ...draft('promotion'), body: '' }, never);
        expect(await connect().findOpen({ head: 'promotion', base: 'main' }, never)).toMatchObject({
          body: '',
        });
      });

      it('answers undefined when one is open for these branches already', async () => {
        await service.createBranch(first, 'promotion');
        await connect().create(draft('promotion'), never);
        expect(await connect().create(draft('promotion'), never)).toBeUndefined();
        expect(await openIn(first)).toHaveLength(1);
      });

      it('tells branches apart whose names begin alike', async () => {
        await service.createBranch(first, 'promotion-dev');
        await service.createBranch(first, 'promotion-dev2');
        const other = await connect().create(draft('promotion-dev2'), never);
        expect(await connect().findOpen({ head: 'promotion-dev', base: 'main' }, never)).toBeUndefined();
        expect(await connect().findOpen({ head: 'promotion-dev2', base: 'main' }, never)).toEqual(other);
      });

      it('tells base branches apart', async () => {
        await service.createBranch(first, 'release');
        await service.createBranch(first, 'promotion');
        await connect().create(draft('promotion', 'release'), never);
        expect(await connect().findOpen({ head: 'promotion', base: 'main' }, never)).toBeUndefined();
        expect(await connect().create(draft('promotion', 'main'), never)).toBeDefined();
      });

      it('finds a branch whose name holds characters that URLs give a meaning to', async () => {
        const head = 'promotion-a&b=c+d%20#/é';
        await service.createBranch(first, head);
        const created = await connect().create(draft(head), never);
        expect(await connect().findOpen({ head, base: 'main' }, never)).toEqual(created);
      });

      it('keeps repositories apart', async () => {
        await service.createBranch(first, 'promotion');
        await service.createBranch(second, 'promotion');
        await connect(first).create(draft('promotion'), never);
        expect(await connect(second).findOpen({ head: 'promotion', base: 'main' }, never)).toBeUndefined();
      });

      it('updates title and body', async () => {
        await service.createBranch(first, 'promotion');
        const created = await connect().create(draft('promotion'), never);
        const changed = { title: 'Promote to 1.2.4', body: 'changed' };
        expect(await connect().update(created!, changed, never)).toEqual({ ...created, ...changed });
        expect(await openIn(first)).toEqual([expect.objectContaining(changed)]);
      });

      it('closes with a comment that says why, and lets the next one be opened', async () => {
        await service.createBranch(first, 'promotion');
        const created = await connect().create(draft('promotion'), never);
        await connect().close(created!, 'Withdrawn: staging went back to 1.2.2.', never);
        expect(await service.pullRequests(first)).toEqual([
          expect.objectContaining({ open: false, comments: ['Withdrawn: staging went back to 1.2.2.'] }),
        ]);
        expect(await connect().findOpen({ head: 'promotion', base: 'main' }, never)).toBeUndefined();
        expect(await connect().create(draft('promotion'), never)).toBeDefined();
      });

      it('closes a closed one without a word', async () => {
        await service.createBranch(first, 'promotion');
        const created = await connect().create(draft('promotion'), never);
        await connect().close(created!, 'once', never);
        await connect().close(created!, 'twice', never);
        expect(await service.pullRequests(first)).toEqual([expect.objectContaining({ comments: ['once'] })]);
      });
    });

    describe('asked for what cannot be', () => {
      it('names a token that is not valid', async () => {
        const failure = await failureOf(
          connect(first, 'not-the-token').findOpen({ head: 'promotion', base: 'main' }, never),
        );
        expect(failure).toMatchObject({ code: 'bad-credentials', retryable: false });
      });

      it('refuses a token that no header can carry, without showing it', async () => {
        const failure = await failureOf(
          connect(first, 'line-one\nline-two').findOpen({ head: 'promotion', base: 'main' }, never),
        );
        expect(failure.code).toBe('bad-credentials');
        expect(inspect(failure, { depth: 10 })).not.toContain('line-');
      });

      it('names a right that the token lacks', async () => {
        network.next('GET', contract.forbidden);
        const failure = await failureOf(connect().findOpen({ head: 'promotion', base: 'main' }, never));
        expect(failure).toMatchObject({ code: 'forbidden', retryable: false });
      });

      it('names a repository that is not there', async () => {
        const failure = await failureOf(
          connect(`${first}-gone`).findOpen({ head: 'promotion', base: 'main' }, never),
        );
        expect(failure.code).toBe('repository-not-found');
        expect(failure.message).toContain(`${first}-gone`);
      });

      it('names a base branch that is not there', async () => {
        await service.createBranch(first, 'promotion');
        const failure = await failureOf(connect().create(draft('promotion', 'no-such-base'), never));
        expect(failure).toMatchObject({ code: 'base-branch-not-found', retryable: false });
        expect(failure.message).toContain('no-such-base');
      });

      it('lets a promotion branch that vanished be pushed again', async () => {
        const failure = await failureOf(connect().create(draft('vanished'), never));
        expect(failure).toMatchObject({ code: 'lease-lost', retryable: true });
        expect(failure.message).toContain('vanished');
      });
    });

    describe('on a bad day of the service', () => {
      it.each(contract.rateLimits)('waits as long as $name asks for', async ({ answer, wait }) => {
        network.next('GET', answer);
        const failure = await failureOf(connect().findOpen({ head: 'promotion', base: 'main' }, never));
        expect(failure).toMatchObject({ code: 'rate-limited', retryable: true });
        expect(failure.retryAfterMs).toBeGreaterThanOrEqual(wait[0]);
        expect(failure.retryAfterMs).toBeLessThanOrEqual(wait[1]);
      });

      it.each([500, 502, 503, 504])('takes %i for a fault of the service', async (status) => {
        network.next(contract.methods.create, {
          kind: 'answer',
          status,
          headers: { 'content-type': 'text/html' },
          body: '<h1>Whoa there!</h1>',
        });
        await service.createBranch(first, 'promotion');
        const failure = await failureOf(connect().create(draft('promotion'), never));
        expect(failure).toMatchObject({ code: 'provider-unavailable', retryable: true });
        expect(failure.message).toContain(String(status));
      });

      it('asks once and leaves trying again to the workflow', async () => {
        network.next('GET', { kind: 'answer', status: 502 });
        await failureOf(connect().findOpen({ head: 'promotion', base: 'main' }, never));
        expect(network.seen).toHaveLength(1);
      });

      it.each([
        ['a page', { 'content-type': 'text/html; charset=utf-8' }, '<html><title>Sign in</title></html>'],
        ['JSON cut short', { 'content-type': 'application/json' }, '[{"number": 1'],
        ['JSON of another shape', { 'content-type': 'application/json' }, '{"hello": "world"}'],
        ['no type at all', { 'content-type': '' }, 'hello'],
        ['a type that is none', { 'content-type': ';;;' }, '[]'],
        ['bytes', { 'content-type': 'application/octet-stream' }, '\u0000\u0001\u0002'],
      ])('says that %s is not the API', async (_what, headers, body) => {
        network.next('GET', { kind: 'answer', status: 200, headers, body });
        const failure = await failureOf(connect().findOpen({ head: 'promotion', base: 'main' }, never));
        expect(failure).toMatchObject({ code: 'request-refused', retryable: false });
        expect(failure.message).toContain('not the API');
      });

      const { createdAt } = contract;

      if (createdAt !== undefined)
        it('hands on links to pages only', async () => {
          await service.createBranch(first, 'promotion');
          const answerWith = (url: string): void => {
            const body = JSON.stringify(createdAt(url));
            network.next(contract.methods.create, { kind: 'answer', status: 201, body });
          };
          answerWith('https://git.example.com/pull/1');
          expect(await connect().create(draft('promotion'), never)).toMatchObject({
            url: 'https://git.example.com/pull/1',
          });
          answerWith('javascript:alert(1)');
          expect(await failureOf(connect().create(draft('promotion'), never))).toMatchObject({
            code: 'request-refused',
          });
        });

      it('gives up on an answer that does not come', async () => {
        network.next('GET', { kind: 'silence' });
        const impatient = connect(first, contract.token, 2_000);
        const failure = await failureOf(impatient.findOpen({ head: 'promotion', base: 'main' }, never));
        expect(failure).toMatchObject({ code: 'timed-out', retryable: true });
      });

      it('stops when it is told to', async () => {
        network.next('GET', { kind: 'silence' });
        const controller = new AbortController();
        const call = connect().findOpen({ head: 'promotion', base: 'main' }, controller.signal);
        const reason = new Error('the promotion was cancelled');
        controller.abort(reason);
        await expect(call).rejects.toBe(reason);
      });

      it('says that nobody listens', async () => {
        const provider = connect();
        await network.close();
        const failure = await failureOf(provider.findOpen({ head: 'promotion', base: 'main' }, never));
        expect(failure).toMatchObject({ code: 'network', retryable: true });
        expect(failure.message).toContain('connection refused');
      });

      it.each([301, 302, 307])('follows no redirect (%i) with its token', async (status) => {
        const elsewhere = await startInterposer(service.url);
        try {
          network.next('GET', {
            kind: 'answer',
            status,
            headers: { location: `http://127.0.0.1:${elsewhere.port}/sign_in?token=secret` },
          });
          const failure = await failureOf(connect().findOpen({ head: 'promotion', base: 'main' }, never));
          expect(failure.code).toBe('request-refused');
          expect(failure.message).toContain('/sign_in');
          expect(failure.message).not.toContain('secret');
          expect(elsewhere.seen).toEqual([]);
        } finally {
          await elsewhere.close();
        }
      });

      it.each([400, 401, 403, 404, 409, 422, 429, 500])(
        'keeps the token out of its failures, even where %i echoes it',
        async (status) => {
          const echo = `token ${contract.token} seen\u001b[2J`;
          network.next('GET', {
            kind: 'answer',
            status,
            body: JSON.stringify({
              message: echo,
              error: echo,
              error_description: echo,
              errors: [{ message: echo }],
            }),
          });
          const failure = await failureOf(connect().findOpen({ head: 'promotion', base: 'main' }, never));
          const shown = `${inspect(failure, { depth: 10, showHidden: true })}${JSON.stringify(failure)}`;
          expect(shown).not.toContain(contract.token);
          expect(failure.message).not.toContain('\u001b');
        },
      );
    });

    describe('with ensurePullRequest', () => {
      it('creates, leaves alone, and updates one and the same pull request', async () => {
        await service.createBranch(first, 'promotion');
        const created = await ensurePullRequest(connect(), draft('promotion'), never);
        const again = await ensurePullRequest(connect(), draft('promotion'), never);
        const newer = { ...draft('promotion'), title: 'Promote to 1.2.4' };
        const updated = await ensurePullRequest(connect(), newer, never);
        expect([created, again, updated].map(({ change }) => change)).toEqual([
          'created',
          'unchanged',
          'updated',
        ]);
        expect(new Set([created, again, updated].map(({ pullRequest }) => pullRequest.number)).size).toBe(1);
        expect(await openIn(first)).toEqual([expect.objectContaining({ title: 'Promote to 1.2.4' })]);
      });

      it('opens one when several try at once', async () => {
        await service.createBranch(first, 'promotion');
        const all = await Promise.all(
          Array.from({ length: 4 }, () => ensurePullRequest(connect(), draft('promotion'), never)),
        );
        expect(await openIn(first)).toHaveLength(1);
        expect(new Set(all.map(({ pullRequest }) => pullRequest.number)).size).toBe(1);
        const { length: created } = all.filter(({ change }) => change === 'created');
        expect(contract.answersWithOpenOne === true ? Math.min(created, 1) : created).toBe(1);
      });

      it('finds its own after a crash between creation and answer', async () => {
        await service.createBranch(first, 'promotion');
        network.next(contract.methods.create, { kind: 'lose-answer' });
        const failure = await failureOf(ensurePullRequest(connect(), draft('promotion'), never));
        expect(failure).toMatchObject({ code: 'network', retryable: true });
        const ensured = await ensurePullRequest(connect(), draft('promotion'), never);
        expect(ensured.change).toBe('unchanged');
        expect(await openIn(first)).toHaveLength(1);
      });

      it('opens a new one after a reviewer closed the last', async () => {
        await service.createBranch(first, 'promotion');
        const one = await ensurePullRequest(connect(), draft('promotion'), never);
        await connect().close(one.pullRequest, 'not yet', never);
        const two = await ensurePullRequest(connect(), draft('promotion'), never);
        expect(two.change).toBe('created');
        expect(two.pullRequest.number).not.toBe(one.pullRequest.number);
      });

      it('cuts texts that the service would refuse, and knows them again', async () => {
        await service.createBranch(first, 'promotion');
        const long = {
          ...draft('promotion'),
          title: '🚢'.repeat(200),
          body: `${'🚢 line\n'.repeat(200_000)}\nteam/apps/prod\n`,
        };
        expect((await ensurePullRequest(connect(), long, never)).change).toBe('created');
        expect((await ensurePullRequest(connect(), long, never)).change).toBe('unchanged');
        expect((await openIn(first))[0]!.body).toMatch(
          /line\n\n… \(truncated: longer than the provider allows\)\n\nteam\/apps\/prod\n/,
        );
      });

      it('keeps what a person adds to the description', async () => {
        await service.createBranch(first, 'promotion');
        const { pullRequest } = await ensurePullRequest(connect(), draft('promotion'), never);
        const { title, body } = pullRequest;
        const added = `Do not merge before Monday.\r\n\r\n${body.replaceAll('\n', '\r\n')}\r\n\r\n- [x] tested`;
        await connect().update(pullRequest, { title, body: added }, never);
        expect((await ensurePullRequest(connect(), draft('promotion'), never)).change).toBe('unchanged');
        const newer = { ...draft('promotion'), body: 'flux-system/podinfo/staging: 1.2.4' };
        expect((await ensurePullRequest(connect(), newer, never)).change).toBe('updated');
        const updated = (await openIn(first))[0]!.body;
        expect(updated).toMatch(/^Do not merge before Monday\.[^]*1\.2\.4[^]*- \[x\] tested$/);
        expect(updated).not.toContain('1.2.3');
      });
    });
  });
}
