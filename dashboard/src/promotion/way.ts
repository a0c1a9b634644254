/** The way of a promotion as steps: pure. */
import { type PromotionDetails } from '../api/answers';
import { describeState } from '../components/promotion-state';

/** `now`: it is waited for; `stopped`: it ended there, `failed`: because something went wrong. */
type Standing = 'done' | 'now' | 'ahead' | 'stopped' | 'failed';

export interface WayStep {
  readonly name: string;
  readonly words: string;
  readonly standing: Standing;
  /** When it was reached; of the one that is waited for, since when. RFC 3339. */
  readonly at?: string;
  readonly by?: string;
  /** Milliseconds since the step before it. */
  readonly tookMs?: number;
}

type Shown = Pick<
  PromotionDetails,
  'timeline' | 'gates' | 'state' | 'ended' | 'endedAt' | 'action' | 'environment'
>;
type Entry = PromotionDetails['timeline'][number];

const testsFailed = 'tests-failed';

/** In their usual order, with what the timeline calls them. */
const milestones = [
  { name: 'reported', words: 'Reported', noun: 'Report', steps: ['reported'] },
  { name: 'approved', words: 'Approved', noun: 'Approval', steps: ['approved'] },
  { name: 'proposed', words: 'Proposed', noun: 'Proposal', steps: ['pull-request', 'notified'] },
  { name: 'merged', words: 'Merged', noun: 'Merge', steps: ['merged', 'merged-outside-gates'] },
  { name: 'deployed', words: 'Deployed', noun: 'Deployment', steps: ['deployed'] },
  { name: 'verified', words: 'Verified', noun: 'Verification', steps: ['verified', testsFailed] },
] as const;

type Milestone = (typeof milestones)[number];

const asksForPeople = new Set(['manual', 'approvals', 'waiting-for-approval']);
/** The promotion has done all that it can, and it went well. */
const ends = new Set(['deployed', 'verified', 'unchanged', 'withdrawn']);

export function wayOf(promotion: Shown): WayStep[] {
  const { timeline, state, ended, endedAt, environment } = promotion;
  const reached = milestones
    .flatMap((milestone) => {
      const entry = entryOf(promotion, milestone);
      return entry === undefined ? [] : [{ milestone, entry }];
    })
    // What happened in the same moment stays in the usual order.
    .sort((a, b) => Date.parse(a.entry.at) - Date.parse(b.entry.at));
  const done = reached.map(({ milestone, entry }, index): WayStep => {
    const before = reached[index - 1]?.entry;
    return {
      name: milestone.name,
      words: wordsOf(milestone, entry),
      standing: entry.step === testsFailed ? 'failed' : 'done',
      at: entry.at,
      ...(entry.by === undefined ? {} : { by: entry.by }),
      ...(before === undefined ? {} : { tookMs: Date.parse(entry.at) - Date.parse(before.at) }),
    };
  });
  const last = done.at(-1);
  if (ended) {
    if ((last?.name === 'deployed' || last?.name === 'verified') && ends.has(state)) return done;
    const at = endedAt ?? timeline.at(-1)?.at;
    const isUnreported = state === 'merged' || state === 'notified' || state === 'merged-outside-gates';
    const end: WayStep = {
      name: state,
      words: isUnreported ? `Not reported by ${environment}` : describeState(state).words,
      standing: ends.has(state) ? 'done' : describeState(state).tone === 'bad' ? 'failed' : 'stopped',
      ...(at === undefined ? {} : { at }),
      ...(at === undefined || last?.at === undefined ? {} : { tookMs: Date.parse(at) - Date.parse(last.at) }),
    };
    return [...done, end];
  }
  const names = new Set(done.map(({ name }) => name));
  const left = expected(promotion).filter(({ name }) => !names.has(name));
  return [
    ...done,
    ...left.map(({ name, noun }, index): WayStep => ({
      name,
      words: noun,
      standing: index === 0 ? 'now' : 'ahead',
      ...(index === 0 && last?.at !== undefined ? { at: last.at } : {}),
    })),
  ];
}

function entryOf(promotion: Shown, { name, steps }: Milestone): Entry | undefined {
  const entries = promotion.timeline.filter(({ step }) => steps.some((each) => each === step));
  // Of several approvals, the last one is enough; one that is followed by a wait for more is not.
  if (name === 'approved') return waitsForPeople(promotion) ? undefined : entries.at(-1);
  // A commit that was made again is no second proposal.
  return entries[0];
}

function wordsOf({ words }: Milestone, { step }: Entry): string {
  if (step === testsFailed) return 'Tests failed';
  return step === 'notified' || step === 'merged-outside-gates' ? describeState(step).words : words;
}

/** What comes yet, as far as it is known. */
function expected(promotion: Shown): readonly Milestone[] {
  if (promotion.action === 'withdraw') return [];
  const isNotified = promotion.timeline.some(({ step }) => step === 'notified');
  return milestones.filter(({ name }) => {
    if (name === 'approved') return waitsForPeople(promotion);
    if (name === 'merged') return !isNotified;
    return name !== 'verified';
  });
}

function waitsForPeople({ ended, gates }: Shown): boolean {
  return !ended && gates.some(({ gate }) => asksForPeople.has(gate));
}
