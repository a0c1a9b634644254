/** The story of a backup that is restored while the repository has gone on, for each database that Temporal can have. */
import { type Installation, pathOf, repository } from './installation';
import { eventually } from './eventually';
import { laneState, openPullRequests } from './lane-outcomes';
import { isResting } from './lane-standings';
import { lookSignal } from '../../src/workflows/contract/messages';

/** An installation whose database can be backed up and restored. */
export interface RestorableInstallation {
  /** Starts the programs, and gives the installation with a client of its Temporal. */
  readonly start: () => Promise<Installation>;
  /** Stops them in an orderly way. */
  readonly stop: () => Promise<void>;
  /** While they are stopped. */
  readonly backup: () => Promise<void>;
  readonly restore: () => Promise<void>;
}

/** A minute passes until Windlass looks at a new pull request; the environment reports nothing here. */
const untilSeenMs = 150_000;

/** Waits until the lane into staging rests and one of its promotions stands so. */
const shows = (now: Installation, version: string, state: string): Promise<void> =>
  eventually(async () => {
    const lane = await laneState(now);
    expect(isResting(lane)).toBe(true);
    expect(lane.outcomes).toContainEqual(expect.objectContaining({ version, state }));
  }, untilSeenMs);

/** The same, of a pull request that people merge. */
async function merged(now: Installation, number: number, version: string): Promise<void> {
  await now.forge.mergePullRequest(repository, number);
  const { client } = now;
  await eventually(async () => {
    // It looks by itself within a minute: only what is restored needs to show that.
    const query = `WorkflowType = 'follower' AND ExecutionStatus = 'Running'`;
    for await (const { workflowId } of client.workflow.list({ query }))
      await client.workflow.getHandle(workflowId).signal(lookSignal);
    const { outcomes } = await laneState(now);
    expect(outcomes).toContainEqual(expect.objectContaining({ version, state: 'merged' }));
  }, untilSeenMs);
}

interface Proposal {
  readonly number: number;
  readonly title: string;
  readonly head: string;
}
const proposed = (installation: Installation): readonly Proposal[] =>
  openPullRequests(installation)
    .filter(({ title }) => title.includes(' in staging '))
    .map(({ number, title, head }) => ({ number, title, head: JSON.stringify(head) }));
const deployed = async (installation: Installation) =>
  (await installation.manifest('staging')).match(/version: (\S+)/)?.[1];

/** What else happens, in the same installation. */
export interface Meanwhile {
  readonly beforeBackup?: (now: Installation) => Promise<void>;
  readonly afterBackup?: (now: Installation) => Promise<void>;
  readonly afterRestore?: (now: Installation) => Promise<void>;
}

/** An older database repeats nothing, catches up with Git, and takes lost events again. */
export async function restoresAnOlderDatabase(
  { start, stop, backup, restore }: RestorableInstallation,
  meanwhile: Meanwhile = {},
): Promise<void> {
  /** The same events whenever they are sent. */
  const at = Date.now();
  const report = (to: Installation, release: number) =>
    to.report({ version: `1.${release}.0`, release, at: new Date(at + release) });

  let now = await start();
  await report(now, 1);
  await shows(now, '1.1.0', 'pull-request');
  await meanwhile.beforeBackup?.(now);
  await stop();
  await backup();

  // What the backup does not know: 1.1.0 and 1.2.0 are merged, 1.3.0 is proposed.
  now = await start();
  await merged(now, 1, '1.1.0');
  await report(now, 2);
  await shows(now, '1.2.0', 'pull-request');
  await merged(now, 2, '1.2.0');
  await report(now, 3);
  await shows(now, '1.3.0', 'pull-request');
  await meanwhile.afterBackup?.(now);
  await stop();
  const before = proposed(now);
  expect(before).toMatchObject([{ number: 3 }]);

  await restore();
  now = await start();

  // The lane catches up with the merge by itself, and does nothing to the repository.
  await shows(now, '1.1.0', 'merged');
  expect(proposed(now)).toEqual(before);
  expect(await deployed(now)).toBe('1.2.0');

  // Events of the time between are lost until they are sent again. An old one does not replace a newer pull request that
  // the lane does not know: the repository says which is newer.
  await report(now, 2);
  await shows(now, '1.2.0', 'superseded');
  expect(proposed(now)).toEqual(before);

  // A pull request that is open is found again.
  await report(now, 3);
  await shows(now, '1.3.0', 'pull-request');
  expect(proposed(now)).toEqual(before);
  await meanwhile.afterRestore?.(now);

  // An old event goes nowhere, a new one goes its way.
  await report(now, 1);
  await report(now, 4);
  await shows(now, '1.4.0', 'pull-request');
  expect(proposed(now)).toMatchObject([{ title: expect.stringContaining('1.4.0') }]);
  expect(await deployed(now)).toBe('1.2.0');
  expect(await now.forge.readFile(repository, 'main', pathOf('staging'))).toContain('1.2.0');
}
