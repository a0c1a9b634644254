/** What the board says about an environment: pure. */
import { type components } from '../api/schema';
import { describeActing, describeSettling, describeState } from '../components/promotion-state';
import { type Tone } from '../components/tone';

type Environment = components['schemas']['Environment'];

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
  /** In some words, such as "Needs approval". */
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

function actingNote({ name, acting }: Environment): Note[] {
  if (acting === undefined) return [];
  const { version, action, promotion, waits, pullRequest, since } = acting;
  const { tone, words, needsPerson = false } = describeActing(acting);
  const detail = waits === undefined ? undefined : withoutBeginning(waits, `${name} waits for ${version}: `);
  return [
    {
      tone,
      version,
      isNext: action === 'promote',
      says: words,
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

/** Sentences are written for lists without columns. */
function withoutBeginning(sentence: string, beginning: string): string {
  return sentence.startsWith(beginning) ? sentence.slice(beginning.length) : sentence;
}

function settlingNote({ settling }: Environment): Note[] {
  if (settling === undefined) return [];
  const { version, promotion, stage, since } = settling;
  const { tone, words } = describeSettling(stage);
  return [{ tone, version, isNext: true, says: words, since, promotion, needsPerson: false }];
}

function failedNote({ failed }: Environment): Note[] {
  if (failed === undefined) return [];
  const { version, code } = failed;
  const { tone, words } = describeState('failed');
  const says = code === undefined ? words : `${words}: ${code}`;
  return [{ tone, version, isNext: false, says, needsPerson: true }];
}

function endedNote({ last, failed, acting, running }: Environment): Note[] {
  if (last === undefined) return [];
  const { tone, words, needsPerson } = describeState(last.state);
  // Someone should know of it, unless something came after it, which is the news.
  if (needsPerson === undefined || failed !== undefined || acting !== undefined) return [];
  if (running.some(({ version }) => version === last.version)) return [];
  return [
    {
      tone,
      version: last.version,
      isNext: false,
      says: words,
      ...(last.detail === undefined ? {} : { detail: last.detail }),
      since: last.at,
      needsPerson,
    },
  ];
}

function queuedNote({ queued }: Environment): Note[] {
  const [version, ...others] = queued;
  if (version === undefined) return [];
  const says = others.length === 0 ? 'Queued' : `Queued, and ${others.length} more`;
  return [{ tone: 'idle', version, isNext: false, says, needsPerson: false }];
}

function heldNote({ held }: Environment): Note[] {
  const [first, ...others] = held;
  if (first === undefined) return [];
  const { version, because, by, since } = first;
  const why = `${asWords(because)}${by === undefined ? '' : ` by ${by}`}`;
  const more = others.length === 0 ? '' : `, and ${others.length} more`;
  const says = `Held back${more}`;
  return [{ tone: 'idle', version, isNext: false, says, detail: why, since, needsPerson: false }];
}

const asWords = (name: string): string => name.replaceAll('-', ' ');
