/** The states of a promotion in words, the same on every page: pure. */
import { type Tone } from './tone';

export interface StateWords {
  readonly tone: Tone;
  readonly words: string;
  /** It does not continue until a person does something. */
  readonly needsPerson?: true;
}

const said = (tone: Tone, words: string): StateWords => ({ tone, words });
const asks = (tone: Tone, words: string): StateWords => ({ tone, words, needsPerson: true });

/**
 * As in docs/reference/outcomes.md. `wait`: for a person. What opens by itself, with time or with another Pipeline, is `busy`;
 * what people hold is `idle`.
 */
const states: Readonly<Record<string, StateWords>> = {
  resolving: said('busy', 'Starting'),
  suspended: said('idle', 'Suspended'),
  frozen: said('idle', 'Frozen'),
  'tests-failed': asks('bad', 'Tests failed'),
  'waiting-for-approval': asks('wait', 'Needs approval'),
  'waiting-for-tests': said('busy', 'Waits for tests'),
  'waiting-for-dependency': said('busy', 'Waits for a dependency'),
  'waiting-for-soak': said('busy', 'Soaking'),
  'waiting-for-window': said('busy', 'Waits for its window'),
  started: said('busy', 'Started'),
  promoting: said('busy', 'In progress'),
  retrying: said('bad', 'Retrying'),
  'pull-request': asks('wait', 'To be merged'),
  'merged-outside-gates': asks('bad', 'Merged outside its gates'),
  merged: said('busy', 'Merged'),
  notified: said('busy', 'Notified'),
  deployed: said('good', 'Deployed'),
  'rolled-back': asks('bad', 'Rolled back'),
  closed: said('idle', 'Closed'),
  expired: asks('bad', 'Expired'),
  unchanged: said('idle', 'Already in Git'),
  superseded: said('idle', 'Superseded'),
  rejected: said('idle', 'Rejected'),
  withdrawn: said('idle', 'Withdrawn'),
  ignored: said('idle', 'Ignored'),
  yielded: said('busy', 'Starts again'),
  failed: asks('bad', 'Failed'),
  quarantined: asks('bad', 'Quarantined'),
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

interface Acting {
  readonly action: 'promote' | 'withdraw';
  readonly state?: string | undefined;
  readonly pullRequest?: object | undefined;
}

/** Of the promotion that acts in an environment. */
export function describeActing({ action, state, pullRequest }: Acting): StateWords {
  if (action === 'withdraw') return said('busy', 'Being withdrawn');
  if (state === 'merged' || state === 'notified') return describeSettling(state);
  return describeState(state ?? (pullRequest === undefined ? 'promoting' : 'pull-request'));
}

/** Of one that has done all that it can: its environment has not reported the version. */
export function describeSettling(stage: 'merged' | 'notified'): StateWords {
  const { tone, words } = describeState(stage);
  return said(tone, `${words}, not running yet`);
}
