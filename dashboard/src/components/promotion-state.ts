/** The states of a promotion in words: pure. */
import { type Tone } from './tone';

export interface StateWords {
  readonly tone: Tone;
  readonly words: string;
}

const said = (tone: Tone, words: string): StateWords => ({ tone, words });

/** As in docs/reference/outcomes.md. */
const states: Readonly<Record<string, StateWords>> = {
  resolving: said('busy', 'Reads the Pipeline'),
  suspended: said('wait', 'Suspended'),
  frozen: said('wait', 'Frozen'),
  'tests-failed': said('bad', 'Tests failed'),
  'waiting-for-approval': said('wait', 'Waits for approval'),
  'waiting-for-tests': said('wait', 'Waits for tests'),
  'waiting-for-dependency': said('wait', 'Waits for another Pipeline'),
  'waiting-for-soak': said('wait', 'Waits for its soak time'),
  'waiting-for-window': said('wait', 'Waits for its window'),
  started: said('busy', 'Started'),
  promoting: said('busy', 'In progress'),
  retrying: said('wait', 'Retries after a failure'),
  'pull-request': said('busy', 'Pull request open'),
  'merged-outside-gates': said('bad', 'Merged outside gates'),
  merged: said('busy', 'Merged'),
  notified: said('busy', 'Notified'),
  deployed: said('good', 'Deployed'),
  'rolled-back': said('bad', 'Rolled back'),
  closed: said('idle', 'Closed'),
  expired: said('bad', 'Expired'),
  unchanged: said('idle', 'Already in Git'),
  superseded: said('idle', 'Superseded'),
  rejected: said('idle', 'Rejected'),
  withdrawn: said('idle', 'Withdrawn'),
  ignored: said('idle', 'Ignored'),
  yielded: said('busy', 'Starts again'),
  failed: said('bad', 'Failed'),
  quarantined: said('bad', 'Quarantined'),
  cancelled: said('idle', 'Cancelled'),
};

/** A state that this page does not know is shown as the server calls it. */
export function describeState(state: string): StateWords {
  return Object.hasOwn(states, state) ? (states[state] ?? unknown(state)) : unknown(state);
}

function unknown(state: string): StateWords {
  const words = state.replaceAll('-', ' ');
  return { tone: 'idle', words: words.charAt(0).toUpperCase() + words.slice(1) };
}
