import { type LaneOutcome } from '../../src/domain/lane/lane-outcome';
import { type LaneState } from '../../src/domain/lane/lane-state';

/** How the lane's promotions stand, those that wait for people or the environment included: the newest change first. */
export function standingsOf({ inHand, proposal, settling, outcomes }: LaneState): readonly LaneOutcome[] {
  const all: LaneOutcome[] = [
    ...(inHand === undefined || proposal === undefined
      ? []
      : [
          {
            version: inHand.version,
            state: 'pull-request' as const,
            detail: proposal.url,
            from: inHand.from,
            endedAt: proposal.at,
          },
        ]),
    ...(settling === undefined
      ? []
      : [
          {
            version: settling.task.version,
            state: settling.stage,
            from: settling.task.from,
            endedAt: settling.at,
          },
        ]),
    ...outcomes,
  ];
  return all.sort((a, b) => b.endedAt - a.endedAt);
}

/** Whether nothing but people and the environment can change how they stand. */
export function isResting({ inHand, proposal, waiting, passedBy = [] }: LaneState): boolean {
  return (inHand === undefined || proposal !== undefined) && waiting === undefined && passedBy.length === 0;
}
