import { type Cluster, startCluster } from '../support/cluster/cluster';
import { newerVersion, pipelineNames } from '../support/storm/fleet';
import { laneFaults, newestPromoted, sendStorm } from '../support/storm/storm';

/** Of what is loaded, some report: two events each. */
const loaded = 1_000;
const reporting = 100;
/** What a worker that was killed had begun is begun again: its slots for activities. */
const attemptsOfAWorker = 20;

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster(loaded);
}, 240_000);
afterAll(() => cluster.close());

it('loses nothing and promotes nothing twice while an api and a worker are killed', async () => {
  const { client, hmacKey, receiver } = cluster;
  const [first, second, worker] = await Promise.all([
    cluster.startApi(),
    cluster.startApi(),
    cluster.startWorker(),
    cluster.startWorker(),
  ]);
  const pipelines = pipelineNames(reporting);
  const apis = new Set([first, second]);
  const killHalf = async (): Promise<void> => {
    // As a Service does, which sends nothing to a Pod that has ended.
    apis.delete(first);
    await Promise.all([first.kill(), worker.kill()]);
    // The api comes back, the worker stays away.
    apis.add(await cluster.startApi());
  };
  let halfWay: Promise<void> | undefined;
  const sent = await sendStorm({
    pipelines,
    webhooks: () => [...apis].map(({ webhook }) => webhook),
    hmacKey,
    atOnce: 32,
    onDelivery: (deliveries) => {
      if (deliveries === reporting) halfWay = killHalf();
    },
  });
  await halfWay;
  expect(sent.lost).toEqual([]);
  await newestPromoted(client, reporting);
  expect(await laneFaults(client, pipelines)).toEqual([]);
  const newest = receiver.events.filter(
    ({ metadata }) => (metadata as Record<string, string>)['pipelines.weave.works/version'] === newerVersion,
  );
  expect(newest).toHaveLength(reporting);
  expect(receiver.requests - receiver.events.length).toBeLessThanOrEqual(attemptsOfAWorker);
});
