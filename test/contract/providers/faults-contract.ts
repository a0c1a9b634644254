/* eslint-disable jest/no-export -- the suite that each provider's own test file runs */
import { WindlassError } from '../../../src/domain/errors';
import { parseRepositoryUrl } from '../../../src/domain/pipeline/repository-url';
import { createOutbound } from '../../../src/http/outbound/create-outbound';
import { ensurePullRequest } from '../../../src/providers/ensure-pull-request';
import { type PullRequestProvider } from '../../../src/providers/port';
import { accessWith } from '../../support/api-access';
import { eventually } from '../../support/eventually';
import { startToxiproxy, type Toxic, type Toxiproxy, type ToxicWay } from '../../support/toxiproxy';
import { type Interposer, startInterposer } from './interposer';
import { type ContractCase, type Service } from './service';

const never = new AbortController().signal;
const branches = { head: 'promotion', base: 'main' };
const draft = { ...branches, title: 'Promote apps/shop in staging to 1.2.3', body: 'apps/shop: **1.2.3**\n' };

interface Fault {
  readonly name: string;
  readonly toxics: readonly Toxic[] | 'shut';
  /** Whether an attempt fails, what it fails with, and how long it waits: milliseconds. */
  readonly ends: 'always' | 'perhaps' | 'never';
  readonly patienceMs?: number;
}

const toward = 'upstream';
const back = 'downstream';

const faults: readonly Fault[] = [
  { name: 'refused connections', toxics: 'shut', ends: 'always' },
  {
    name: 'connections that are reset at once',
    toxics: [{ type: 'reset_peer', stream: toward, attributes: { timeout: 0 } }],
    ends: 'always',
  },
  {
    name: 'requests that arrive, and answers that are lost',
    toxics: [{ type: 'limit_data', stream: back, attributes: { bytes: 1 } }],
    ends: 'always',
  },
  {
    name: 'answers that are cut short',
    toxics: [{ type: 'limit_data', stream: back, attributes: { bytes: 400 } }],
    ends: 'perhaps',
  },
  {
    name: 'answers that never come',
    toxics: [{ type: 'timeout', stream: back, attributes: { timeout: 0 } }],
    ends: 'always',
    patienceMs: 1_000,
  },
  {
    name: 'requests that never arrive',
    toxics: [{ type: 'timeout', stream: toward, attributes: { timeout: 0 } }],
    ends: 'always',
    patienceMs: 500,
  },
  {
    name: 'slow lines',
    toxics: [{ type: 'bandwidth', stream: back, attributes: { rate: 1 } }],
    ends: 'perhaps',
    patienceMs: 1_000,
  },
  {
    name: 'long ways, and answers in small pieces',
    toxics: [
      { type: 'latency', stream: back, attributes: { latency: 100, jitter: 50 } },
      { type: 'slicer', stream: back, attributes: { average_size: 100, size_variation: 50, delay: 100 } },
      { type: 'slow_close', stream: back, attributes: { delay: 200 } },
    ],
    ends: 'never',
  },
];

/**
 * What every provider has to do on a network that fails: whatever happened to the first attempt, the second one ends with
 * one pull request, one comment, one merge. Needs Toxiproxy.
 */
export function describeFaults(name: string, contract: ContractCase): void {
  const [repository] = contract.repositories;

  describe(`the ${name} provider, on a network that fails`, () => {
    let toxiproxy: Toxiproxy;
    let service: Service;
    let network: Interposer;
    let way: ToxicWay;
    beforeAll(async () => {
      toxiproxy = await startToxiproxy();
    });
    afterAll(() => toxiproxy.close());
    beforeEach(async () => {
      service = await contract.start();
      // Services look at the host that they are called by.
      network = await startInterposer(service.url);
      way = await toxiproxy.wayTo(`http://127.0.0.1:${network.port}`);
    });
    afterEach(async () => {
      await network.close();
      await service.close();
    });

    /** As each attempt of an activity does, with connections of its own. */
    const connect = (timeoutMs = contract.timeoutMs ?? 10_000): PullRequestProvider => {
      const host = `127.0.0.1:${way.port}`;
      return contract.module.connect({
        repository: parseRepositoryUrl(`http://${host}/${repository}.git`),
        access: accessWith(
          contract.token,
          createOutbound({ allowedHosts: [host], allowPlainHttp: false, timeoutMs }),
        ),
      });
    };
    /** An attempt while the network fails, and one when it works again. */
    const despite = async <T>(
      { toxics, ends, patienceMs }: Fault,
      step: (provider: PullRequestProvider) => Promise<T>,
    ): Promise<T> => {
      if (toxics === 'shut') await way.shut();
      else for (const toxic of toxics) await way.add(toxic);
      const first = await step(connect(patienceMs)).then(
        () => 'worked',
        (error: unknown) => error,
      );
      await way.clear();
      if (ends !== 'perhaps') expect(first === 'worked').toBe(ends === 'never');
      if (first !== 'worked') {
        expect(first).toBeInstanceOf(WindlassError);
        expect(first).toMatchObject({
          code: expect.stringMatching(/^(network|timed-out)$/),
          retryable: true,
        });
      }
      return step(connect());
    };

    it.each(faults)('ends with one pull request, one comment and one merge: $name', async (fault) => {
      await service.createBranch(repository, branches.head);
      const head = await service.push(repository, branches.head);
      const { pullRequest } = await despite(fault, (provider) => ensurePullRequest(provider, draft, never));
      const found = await despite(fault, (provider) => provider.findOpen(branches, never));
      expect(found).toEqual(pullRequest);
      const comment = { key: 'the plan', body: 'Waits for staging.' };
      await despite(fault, (provider) => provider.comment(pullRequest, comment, never));
      const [listed, ...others] = await service.pullRequests(repository);
      expect(others).toEqual([]);
      expect(listed).toMatchObject({
        ...{ number: pullRequest.number, title: draft.title, open: true },
        comments: [contract.commented(comment.key, comment.body)],
      });
      const merge = (provider: PullRequestProvider) =>
        provider.merge(pullRequest, { head, manner: {} }, never);
      // The service may still have to find out whether it can.
      const merged = await eventually(async () => {
        const outcome = await despite(fault, merge);
        return outcome.merged && outcome;
      });
      expect(merged).toEqual({ merged: true });
      expect(await connect().latest(branches, never)).toMatchObject({ state: 'merged', head });
      expect(await service.pullRequests(repository)).toHaveLength(1);
    });
  });
}
