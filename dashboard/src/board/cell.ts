/** What the board says about an environment: pure. */
import { type components } from '../api/schema';
import { type Tone } from '../components/tone';

type Environment = components['schemas']['Environment'];
type Acting = NonNullable<Environment['acting']>;
type State = NonNullable<Acting['state']>;

export interface Cell {
  readonly running: Running;
  /** What needs a person first. */
  readonly notes: readonly Note[];
}

/** What its targets run. */
export type Running =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'same'; readonly version: string; readonly since: string; readonly targets: number }
  | { readonly kind: 'differing'; readonly versions: readonly { version: string; targets: number }[] };

/** One thing that happens, waits or has failed. */
export interface Note {
  readonly tone: Tone;
  /** What it is about. */
  readonly version?: string;
  /** The environment is on its way to it. */
  readonly isNext: boolean;
  /** In some words, such as "needs approval". */
  readonly says: string;
  /** What it waits for and until when, or why it is so. */
  readonly detail?: string;
  readonly pullRequest?: { readonly url: string; readonly number: number };
  readonly since?: string;
  /** The id of the promotion. */
  readonly promotion?: string;
  readonly needsPerson: boolean;
}

export function cellOf(environment: Environment): Cell {
  const notes = [
    ...actingNote(environment),
    ...settlingNote(environment),
    ...failedNote(environment),
    ...endedNote(environment),
    ...queuedNote(environment),
    ...heldNote(environment),
  ];
  // Sorting is stable: within each part, the order is as above.
  return { running: runningOf(environment), notes: notes.sort((a, b) => order(a) - order(b)) };
}

const order = ({ needsPerson }: Note): number => (needsPerson ? 0 : 1);

/** The worst that needs a person in a row; undefined: nothing does. */
export function urgencyOf({
  valid,
  environments,
}: Pick<components['schemas']['PipelineSummary'], 'valid' | 'environments'>): 'bad' | 'wait' | undefined {
  if (!valid) return 'bad';
  const urgent = environments.flatMap((each) => cellOf(each).notes.filter((note) => note.needsPerson));
  if (urgent.length === 0) return undefined;
  return urgent.some(({ tone }) => tone === 'bad') ? 'bad' : 'wait';
}

function runningOf({ running }: Environment): Running {
  const byVersion = Map.groupBy(running, ({ version }) => version);
  const versions = [...byVersion].map(([version, targets]) => ({ version, targets: targets.length }));
  const [first, ...others] = versions;
  if (first === undefined) return { kind: 'unknown' };
  if (others.length > 0) {
    return { kind: 'differing', versions: versions.sort((a, b) => b.targets - a.targets) };
  }
  // Since its last target runs it.
  const since = running.map((target) => target.since).sort();
  return { kind: 'same', ...first, since: since.at(-1) ?? '' };
}

interface Words {
  readonly tone: Tone;
  readonly says: string;
  readonly needsPerson?: true;
}

/** `wait`: for a person. What opens by itself, in time or by another Pipeline, is `busy`. */
const wordsOf: Partial<Record<State, Words>> = {
  resolving: { tone: 'busy', says: 'starting' },
  suspended: { tone: 'idle', says: 'suspended' },
  frozen: { tone: 'idle', says: 'frozen' },
  'tests-failed': { tone: 'bad', says: 'tests failed', needsPerson: true },
  'waiting-for-approval': { tone: 'wait', says: 'needs approval', needsPerson: true },
  'waiting-for-tests': { tone: 'busy', says: 'waits for tests' },
  'waiting-for-dependency': { tone: 'busy', says: 'waits for a dependency' },
  'waiting-for-soak': { tone: 'busy', says: 'soaking' },
  'waiting-for-window': { tone: 'busy', says: 'waits for its window' },
  promoting: { tone: 'busy', says: 'in progress' },
  retrying: { tone: 'bad', says: 'retrying' },
  'pull-request': { tone: 'wait', says: 'to be merged', needsPerson: true },
  merged: { tone: 'busy', says: 'merged, not running yet' },
  'merged-outside-gates': { tone: 'bad', says: 'merged outside its gates', needsPerson: true },
  notified: { tone: 'busy', says: 'notified, not running yet' },
};

function actingNote({ name, acting }: Environment): Note[] {
  if (acting === undefined) return [];
  const { version, action, promotion, state, waits, pullRequest, since } = acting;
  const { tone, says, needsPerson = false } = wordsFor(action, state, pullRequest !== undefined);
  const detail = waits === undefined ? undefined : withoutBeginning(waits, `${name} waits for ${version}: `);
  return [
    {
      tone,
      version,
      isNext: action === 'promote',
      says,
      ...(detail === undefined ? {} : { detail }),
      ...(pullRequest === undefined
        ? {}
        : { pullRequest: { url: pullRequest.url, number: pullRequest.number } }),
      since: pullRequest?.since ?? since,
      promotion,
      needsPerson,
    },
  ];
}

function wordsFor(action: Acting['action'], state: State | undefined, isOpen: boolean): Words {
  if (action === 'withdraw') return { tone: 'busy', says: 'being withdrawn' };
  if (state === undefined) return isOpen ? mergeable : { tone: 'busy', says: 'in progress' };
  return wordsOf[state] ?? { tone: 'idle', says: asWords(state) };
}

const mergeable: Words = { tone: 'wait', says: 'to be merged', needsPerson: true };

/** Sentences are written for lists without columns. */
function withoutBeginning(sentence: string, beginning: string): string {
  return sentence.startsWith(beginning) ? sentence.slice(beginning.length) : sentence;
}

function settlingNote({ settling }: Environment): Note[] {
  if (settling === undefined) return [];
  const { version, promotion, stage, since } = settling;
  const says = `${stage}, not running yet`;
  return [{ tone: 'busy', version, isNext: true, says, since, promotion, needsPerson: false }];
}

function failedNote({ failed }: Environment): Note[] {
  if (failed === undefined) return [];
  const { version, code } = failed;
  const says = code === undefined ? 'failed' : `failed: ${code}`;
  return [{ tone: 'bad', version, isNext: false, says, needsPerson: true }];
}

/** How a promotion can end so that someone should know of it. */
const badEnds: Readonly<Record<string, string>> = {
  'rolled-back': 'unhealthy: rolled back',
  expired: 'expired',
  quarantined: 'quarantined',
};

function endedNote({ last, failed, acting, running }: Environment): Note[] {
  const says = last === undefined ? undefined : badEnds[last.state];
  // What came after it is the news.
  if (last === undefined || says === undefined || failed !== undefined || acting !== undefined) return [];
  if (running.some(({ version }) => version === last.version)) return [];
  return [
    {
      tone: 'bad',
      version: last.version,
      isNext: false,
      says,
      ...(last.detail === undefined ? {} : { detail: last.detail }),
      since: last.at,
      needsPerson: true,
    },
  ];
}

function queuedNote({ queued }: Environment): Note[] {
  const [version, ...others] = queued;
  if (version === undefined) return [];
  const says = others.length === 0 ? 'queued' : `queued, and ${others.length} more`;
  return [{ tone: 'idle', version, isNext: false, says, needsPerson: false }];
}

function heldNote({ held }: Environment): Note[] {
  const [first, ...others] = held;
  if (first === undefined) return [];
  const { version, because, by, since } = first;
  const why = `${asWords(because)}${by === undefined ? '' : ` by ${by}`}`;
  const more = others.length === 0 ? '' : `, and ${others.length} more`;
  const says = `held back${more}`;
  return [{ tone: 'idle', version, isNext: false, says, detail: why, since, needsPerson: false }];
}

const asWords = (name: string): string => name.replaceAll('-', ' ');
