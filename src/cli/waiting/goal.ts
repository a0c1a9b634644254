/** What `--wait` waits for. */
export const goals = {
  proposed: 'Its pull request is open and no gate is closed, or its event is sent',
  merged: 'Its pull request is merged, or its event is sent',
  deployed: 'The environment runs it',
  rejected: 'Its promotion has ended as rejected',
  cancelled: 'Its promotion has ended as cancelled',
} as const;

export type Goal = keyof typeof goals;

/** The goals of acts that promote, of `--wait-for`. */
export const stages = ['proposed', 'merged', 'deployed'] as const;

type Progress = 'reached' | 'missed' | 'waiting';

const reachedBy: Readonly<Record<Goal, readonly string[]>> = {
  proposed: ['pull-request', 'notified', 'merged', 'merged-outside-gates', 'deployed', 'unchanged'],
  merged: ['notified', 'merged', 'merged-outside-gates', 'deployed', 'unchanged'],
  deployed: ['deployed', 'unchanged'],
  rejected: ['rejected'],
  cancelled: ['cancelled'],
};

/** A promotion that yielded starts again at once. */
const continues = new Set(['yielded']);

/** @param state of the promotion, see docs/reference/outcomes.md @param ended whether it has ended with it */
export function progressTo(goal: Goal, state: string, ended: boolean): Progress {
  if (reachedBy[goal].includes(state)) return 'reached';
  return ended && !continues.has(state) ? 'missed' : 'waiting';
}
