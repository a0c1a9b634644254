/** How an environment is, in a few words: pure. */
import { type EnvironmentDetails } from '../api/answers';
import {
  describeActing,
  describeSettling,
  describeState,
  type StateWords,
} from '../components/promotion-state';

type Shown = Pick<
  EnvironmentDetails,
  'acting' | 'settling' | 'failed' | 'held' | 'running' | 'version' | 'freezes' | 'suspended' | 'ahead'
>;

/** The first that is true: what a person should look at stands before what is as it should be. */
export function environmentStatus(environment: Shown): StateWords {
  const { acting, settling, failed, held, running, version, freezes, suspended, ahead } = environment;
  if (acting !== undefined) return describeActing(acting);
  if (failed !== undefined) return describeState('failed');
  if (settling !== undefined) return describeSettling(settling.stage);
  if (suspended) return describeState('suspended');
  if (freezes.length > 0) return describeState('frozen');
  if (running.length === 0) return { tone: 'idle', words: 'Nothing reported yet' };
  if (version === undefined) return { tone: 'busy', words: 'Targets differ' };
  if (held.length > 0) return { tone: 'idle', words: `${countOf(held.length)} held back` };
  if (ahead !== undefined && ahead.length > 0) {
    return { tone: 'idle', words: `${countOf(ahead.length)} behind` };
  }
  return { tone: 'good', words: 'Up to date' };
}

const countOf = (versions: number): string => (versions === 1 ? '1 version' : `${versions} versions`);

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
