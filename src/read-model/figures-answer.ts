/** Figures as the API answers them: pure. */
import { type Counts, type Figures } from '../domain/figures/figures';
import { type WaitingAges } from '../domain/figures/waiting-ages';
import { type FiguresAnswer } from '../operator/schemas/figures';
import { type Freshness } from './lane-follower';

export interface FiguresSources {
  readonly figures: Figures;
  readonly waiting: WaitingAges;
  readonly lanes: number;
  readonly read: number;
  readonly silence: FiguresAnswer['coverage']['silence'];
  /** Milliseconds since the epoch. */
  readonly until: number;
  readonly freshness: Freshness;
}

const time = (at: number): string => new Date(at).toISOString();

export function figuresAnswer({
  figures,
  waiting,
  lanes,
  read,
  silence,
  until,
  freshness,
}: FiguresSources): FiguresAnswer {
  const { weeks, total, endToEnd, hops, restored, firstAt, completeSince } = figures;
  return {
    since: time(weeks[0]?.start ?? until),
    until: time(until),
    weeks: weeks.map(({ start, leadTime, wholeLanes, ...counts }) => ({
      start: time(start),
      ...withShares(counts),
      leadTime,
      complete: wholeLanes === lanes && read === lanes,
    })),
    total: withShares(total),
    endToEnd,
    hops: [...hops],
    restore: restored,
    waiting: waitingAnswer(waiting),
    coverage: {
      lanes,
      read,
      ...(silence === undefined ? {} : { silence }),
      ...(firstAt === undefined ? {} : { firstAt: time(firstAt) }),
      ...(completeSince === undefined ? {} : { completeSince: time(completeSince) }),
    },
    ...freshness,
  };
}

function withShares(counts: Counts): FiguresAnswer['total'] {
  const { promotions, failed, deployments, rolledBack } = counts;
  return {
    ...counts,
    ...(promotions === 0 ? {} : { failedShare: failed / promotions }),
    ...(deployments === 0 ? {} : { rolledBackShare: rolledBack / deployments }),
  };
}

function waitingAnswer({ ages, oldest, ...spread }: WaitingAges): FiguresAnswer['waiting'] {
  return {
    ...spread,
    ages: ages.map(({ belowSeconds, count }) => ({
      ...(belowSeconds === undefined ? {} : { below: belowSeconds }),
      count,
    })),
    ...(oldest === undefined
      ? {}
      : {
          oldest: {
            namespace: oldest.pipeline.namespace,
            pipeline: oldest.pipeline.name,
            environment: oldest.environment,
            version: oldest.version,
            since: time(oldest.since),
          },
        }),
  };
}
