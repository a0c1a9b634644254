/** Records as text: pure. */
import { describeState } from '../components/promotion-state';
import { type Tone } from '../components/tone';
import { type Audit, type Entry, type Kind } from './audit';

interface KindText {
  readonly text: string;
  readonly tone: Tone;
}

/** What is the state of a promotion, too, has the same words. */
function ofState(state: Kind): KindText {
  const { words, tone } = describeState(state);
  return { text: words, tone };
}

/** What people decide, then what came of it. */
export const kindTexts: Readonly<Record<Kind, KindText>> = {
  approved: { text: 'Approved', tone: 'good' },
  rejected: { text: 'Rejected', tone: 'bad' },
  'promote-requested': { text: 'Promotion asked for', tone: 'busy' },
  'rollback-requested': { text: 'Rollback asked for', tone: 'wait' },
  'retry-requested': { text: 'Retry asked for', tone: 'busy' },
  'cancel-requested': { text: 'Cancellation asked for', tone: 'wait' },
  'gates-overridden': { text: 'Gates opened', tone: 'wait' },
  suspended: ofState('suspended'),
  resumed: { text: 'Resumed', tone: 'good' },
  frozen: ofState('frozen'),
  unfrozen: { text: 'Freeze ended', tone: 'good' },
  reported: { text: 'Reported', tone: 'idle' },
  proposed: { text: 'Proposed', tone: 'busy' },
  merged: ofState('merged'),
  'merged-outside-gates': ofState('merged-outside-gates'),
  notified: ofState('notified'),
  deployed: ofState('deployed'),
  'rolled-back': ofState('rolled-back'),
  closed: ofState('closed'),
  expired: ofState('expired'),
  unchanged: ofState('unchanged'),
  superseded: ofState('superseded'),
  withdrawn: ofState('withdrawn'),
  ignored: ofState('ignored'),
  failed: ofState('failed'),
  quarantined: ofState('quarantined'),
  cancelled: ofState('cancelled'),
};

export interface Day {
  /** `2026-11-28`, in the reader's zone. */
  readonly key: string;
  /** With the weekday. */
  readonly title: string;
  readonly entries: readonly Entry[];
}

/** @param entries newest first @returns newest first */
export function groupByDay(entries: readonly Entry[]): readonly Day[] {
  const days = new Map<string, { readonly title: string; readonly entries: Entry[] }>();
  for (const entry of entries) {
    const at = new Date(entry.at);
    // A date of Sweden is one of ISO 8601.
    const key = at.toLocaleDateString('sv-SE');
    const title = at.toLocaleDateString(undefined, {
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      year: 'numeric',
    });
    const day = days.get(key) ?? { title, entries: [] };
    days.set(key, day);
    day.entries.push(entry);
  }
  return [...days].map(([key, day]) => ({ key, ...day }));
}

/** In the reader's zone. @param at RFC 3339 */
export function timeOfDay(at: string): string {
  return new Date(at).toLocaleTimeString(undefined, { hour: 'numeric', minute: '2-digit' });
}

const mostNamed = 5;

/** What is missing, as sentences with the next step; none: nothing is. */
export function describeGaps({ beginnings, silent, silence }: Audit): readonly string[] {
  const named = beginnings
    .slice(0, mostNamed)
    .map(
      ({ namespace, pipeline, environment, since }) =>
        `${environment} of ${namespace}/${pipeline} (since ${new Date(since).toLocaleDateString(undefined, { dateStyle: 'medium' })})`,
    );
  return [
    ...(named.length === 0
      ? []
      : [
          `Older lines were dropped: ${listOf(named, beginnings.length)}. The log of all processes has them.`,
        ]),
    ...(silent.length === 0 ? [] : [describeSilence(silent, silence)]),
  ];
}

function describeSilence(silent: readonly string[], silence: Audit['silence']): string {
  const lanes = listOf(
    silent.slice(0, mostNamed).map((each) => each.replace(/^lane\//, '')),
    silent.length,
  );
  return silence === 'time'
    ? `There was not enough time for ${lanes}: their lines are missing. Choose a Pipeline, a namespace or a shorter range.`
    : `No worker answers for ${lanes}: their lines are missing. Start a worker, then read again.`;
}

function listOf(named: readonly string[], all: number): string {
  const more = all - named.length;
  return more > 0 ? `${named.join(', ')} and ${more.toLocaleString()} more` : named.join(', ');
}
