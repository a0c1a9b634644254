/** How an environment is, in a few words: pure. */
import { type EnvironmentDetails } from '../api/answers';
import { describeState, type StateWords } from '../components/promotion-state';

type Shown = Pick<
  EnvironmentDetails,
  'acting' | 'settling' | 'failed' | 'held' | 'running' | 'version' | 'freezes' | 'suspended' | 'ahead'
>;

/** The first that is true: what a person should look at stands before what is as it should be. */
export function environmentStatus(environment: Shown): StateWords {
  const { acting, settling, failed, held, running, version, freezes, suspended, ahead } = environment;
  if (acting !== undefined) {
    if (acting.action === 'withdraw') return { tone: 'busy', words: `Withdraws ${acting.version}` };
    return acting.state === undefined ? { tone: 'busy', words: 'In progress' } : describeState(acting.state);
  }
  if (failed !== undefined) return { tone: 'bad', words: 'Failed' };
  if (settling !== undefined) {
    return { tone: 'busy', words: settling.stage === 'merged' ? 'Merged, not deployed yet' : 'Notified' };
  }
  if (suspended) return { tone: 'wait', words: 'Suspended' };
  if (freezes.length > 0) return { tone: 'wait', words: 'Frozen' };
  if (running.length === 0) return { tone: 'idle', words: 'Nothing reported' };
  if (version === undefined) return { tone: 'busy', words: 'Targets differ' };
  if (held.length > 0)
    return { tone: 'wait', words: held.length === 1 ? '1 version held' : `${held.length} versions held` };
  if (ahead !== undefined && ahead.length > 0) {
    return {
      tone: 'idle',
      words: ahead.length === 1 ? '1 version behind' : `${ahead.length} versions behind`,
    };
  }
  return { tone: 'good', words: 'Up to date' };
}

/** The newest report: since then, all targets run it. @returns RFC 3339 */
export function runsSince({
  version,
  running,
}: Pick<EnvironmentDetails, 'version' | 'running'>): string | undefined {
  if (version === undefined) return undefined;
  return running
    .map(({ since }) => since)
    .sort()
    .at(-1);
}
