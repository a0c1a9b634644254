/** How long versions take from environment to environment, and from the first to the last one. */
import { type LaneHistory, type ObservedPromotion } from './lane-history';

/** The lanes of one Pipeline. */
export interface ObservedPipeline {
  /** In the order of the Pipeline, the first one included; empty: it is not known, because the Pipeline is gone or invalid. */
  readonly environments: readonly string[];
  /** By the environment that they promote into. */
  readonly lanes: ReadonlyMap<string, LaneHistory>;
}

export interface LeadTime {
  /** When it was deployed, milliseconds since the epoch. */
  readonly at: number;
  /** In milliseconds; absent: when it began is not known. */
  readonly tookMs?: number;
}

export interface PipelineLeadTimes {
  /** Of each deployment into an environment, since the environment before ran the version. */
  readonly hops: ReadonlyMap<string, readonly LeadTime[]>;
  /** Of each deployment into the last environment, since the first environment ran the version. */
  readonly endToEnd: readonly LeadTime[];
}

export function leadTimesOf({ environments, lanes }: ObservedPipeline): PipelineLeadTimes {
  const deployments = new Map(
    [...lanes].map(([name, { promotions }]) => [name, new Deployments(promotions)]),
  );
  const hops = [...deployments].map(([name, { all }]): [string, readonly LeadTime[]] => {
    const before = deployments.get(environments[environments.indexOf(name) - 1] ?? '');
    const start = (each: Deployment): number | undefined =>
      each.reportedAt ?? before?.lastUntil(each)?.deployedAt;
    return [name, all.map((each) => leadTime(each, start(each)))];
  });
  const last = environments.length < 2 ? undefined : deployments.get(environments.at(-1) ?? '');
  const first = deployments.get(environments[1] ?? '');
  const ends = last?.all ?? [];
  return {
    hops: new Map(hops),
    endToEnd: ends.map((each) => leadTime(each, first?.lastUntil(each)?.reportedAt)),
  };
}

interface Deployment extends ObservedPromotion {
  readonly deployedAt: number;
}

class Deployments {
  /** Rollbacks repair: how long they take is a time to restore. */
  readonly all: readonly Deployment[];
  readonly #byVersion = new Map<string, Deployment[]>();

  constructor(promotions: readonly ObservedPromotion[]) {
    this.all = promotions.filter(
      (each): each is Deployment => each.deployedAt !== undefined && each.rollback !== true,
    );
    for (const each of this.all) {
      const known = this.#byVersion.get(each.version);
      if (known === undefined) this.#byVersion.set(each.version, [each]);
      else known.push(each);
    }
  }

  /** The last one of the same version that is not later. */
  lastUntil({ version, deployedAt }: Deployment): Deployment | undefined {
    return this.#byVersion.get(version)?.findLast((each) => each.deployedAt <= deployedAt);
  }
}

function leadTime({ deployedAt: at }: Deployment, start: number | undefined): LeadTime {
  return start === undefined ? { at } : { at, tookMs: Math.max(0, at - start) };
}
