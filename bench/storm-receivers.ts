import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { BareRepository } from '../demo/forge/bare-repository';
import { startFakeNotificationController } from '../test/support/fake-notification-controller';
import { fleetRepositories, type StormStrategy } from '../test/support/storm/fleet';
import { startForges } from './forges';

const token = 'benchmark';

/** Where promotions go. */
export interface Receiver {
  readonly strategy: StormStrategy;
  readonly flags: readonly string[];
  /** What reached it twice. */
  faults(): Promise<string[]>;
  close(): Promise<void>;
}

export async function startReceiver(
  kind: StormStrategy['kind'],
  directory: string,
  count: number,
): Promise<Receiver> {
  if (kind === 'notification') {
    const controller = await startFakeNotificationController();
    return {
      strategy: { kind },
      flags: [`--events-addr=${controller.address}`],
      faults: () => {
        const twice = controller.requests - controller.events.length;
        return Promise.resolve(twice === 0 ? [] : [`${twice} notifications were sent twice`]);
      },
      close: () => controller.close(),
    };
  }
  const forgeDirectory = path.join(directory, 'forge');
  const repositories = fleetRepositories(count);
  for (const [name, files] of repositories) {
    await mkdir(path.join(forgeDirectory, path.dirname(name)), { recursive: true });
    const bare = await BareRepository.create(path.join(forgeDirectory, `${name}.git`));
    await bare.commit('main', files, 'Add the applications');
  }
  const forges = await startForges({ token, forges: [{ directory: forgeDirectory, latencyMs: 0 }] });
  const [url = ''] = forges.urls;
  return {
    strategy: { kind, url, token },
    flags: [],
    faults: async () =>
      (await Promise.all([...repositories.keys()].map((name) => pullRequestFaults(url, name)))).flat(),
    close: () => forges.close(),
  };
}

/** Where a Pipeline has another number of pull requests than one. */
async function pullRequestFaults(url: string, repository: string): Promise<string[]> {
  const answer = await fetch(`${url}/api/v3/repos/${repository}/pulls?state=all&per_page=100`, {
    headers: { authorization: `Bearer ${token}`, 'user-agent': 'windlass-bench' },
  });
  const pullRequests = (await answer.json()) as readonly { readonly head: { readonly ref: string } }[];
  const counts = new Map<string, number>();
  for (const { head } of pullRequests) counts.set(head.ref, (counts.get(head.ref) ?? 0) + 1);
  return [...counts].flatMap(([branch, pulls]) =>
    pulls === 1 ? [] : [`${repository}: ${branch} has ${pulls} pull requests`],
  );
}
