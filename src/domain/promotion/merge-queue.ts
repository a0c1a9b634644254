/** Whose turn it is to merge: one pull request at a time for each base branch. */

/** A promotion that wants to merge. It is in workflow histories: add fields as optional ones. */
export interface Merger {
  readonly number: number;
  readonly workflowId: string;
  readonly base: string;
  /** Since when it has its turn, milliseconds since the epoch; absent: it waits. */
  readonly turnAt?: number;
}

/** In the order in which they came. */
export type MergeQueue = readonly Merger[];

/** Longer than most checks take after a branch was brought up to date. */
const longestTurnMs = 3_600_000;

/** One that is in the queue keeps its place. A successor that took its pull request over has none yet. */
export function join(queue: MergeQueue, merger: Merger): MergeQueue {
  const isThere = queue.some(
    ({ number, workflowId }) => number === merger.number && workflowId === merger.workflowId,
  );
  return isThere ? queue : [...leave(queue, merger.number), merger];
}

export function leave(queue: MergeQueue, number: number): MergeQueue {
  return queue.filter((each) => each.number !== number);
}

/**
 * Gives the first of each base branch its turn. One that has had it for too long goes to the end, if others wait.
 * @param now milliseconds since the epoch
 * @returns also those that have their turn from now on
 */
export function giveTurns(
  queue: MergeQueue,
  now: number,
): { readonly queue: MergeQueue; readonly given: readonly Merger[] } {
  const isOver = ({ turnAt, base, number }: Merger): boolean =>
    turnAt !== undefined &&
    now - turnAt >= longestTurnMs &&
    queue.some((other) => other.base === base && other.number !== number);
  const late = queue.filter(isOver).map(({ turnAt, ...rest }) => rest);
  const ordered: MergeQueue = [...queue.filter((each) => !isOver(each)), ...late];
  const given: Merger[] = [];
  const bases = new Set<string>();
  const next = ordered.map((merger) => {
    if (bases.has(merger.base)) return merger;
    bases.add(merger.base);
    if (merger.turnAt !== undefined) return merger;
    const turn = { ...merger, turnAt: now };
    given.push(turn);
    return turn;
  });
  return { queue: next, given };
}
