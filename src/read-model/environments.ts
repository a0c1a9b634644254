/** What an environment shows: the Pipeline's place in it, joined with the lanes into it and out of it. */
import { type LaneView, type RunningTarget } from '../domain/lane/lane-view';
import { type Environment } from '../operator/schemas/pipelines';
import { promotionId } from '../workflows/contract/ids';

export interface EnvironmentLanes {
  /** Into it. */
  readonly own: LaneView | undefined;
  /** Into the one after it, which hears what this one runs. */
  readonly next: LaneView | undefined;
}

/** @param isFirst nothing is promoted into it */
export function environmentOf(name: string, isFirst: boolean, { own, next }: EnvironmentLanes): Environment {
  const running = targetsOf(own?.running ?? [], next?.source ?? []);
  const versions = new Set(running.map(({ version }) => version));
  const [version] = versions;
  return {
    name,
    ...(version === undefined || versions.size > 1 ? {} : { version }),
    running: running.map((target) => ({
      version: target.version,
      object: target.object,
      since: time(target.at),
    })),
    sentence: own?.sentence ?? withoutLane(name, isFirst),
    ...(own === undefined ? nothing : shown(own)),
  };
}

const nothing = { queued: [], held: [] } satisfies Partial<Environment>;

function withoutLane(name: string, isFirst: boolean): string {
  return isFirst
    ? `${name} is the first environment: versions begin there`
    : `${name}: nothing was promoted into it yet`;
}

function shown(lane: LaneView): Omit<Environment, 'name' | 'version' | 'running' | 'sentence'> {
  const { acting, settling, queued = [], held = [], failed, last, changedAt, pipeline, environment } = lane;
  const idOf = (of: { readonly version: string; readonly identity: string }): string =>
    promotionId(pipeline, environment, of.version, of.identity);
  return {
    ...(acting === undefined
      ? {}
      : {
          acting: {
            version: acting.version,
            action: acting.action,
            promotion: idOf(acting),
            from: acting.from,
            since: time(acting.since),
            ...(acting.state === undefined ? {} : { state: acting.state }),
            ...(acting.waits === undefined ? {} : { waits: acting.waits }),
            ...(acting.approval === undefined
              ? {}
              : { approval: { excluded: [...(acting.approval.excluded ?? [])] } }),
            ...(acting.proposal === undefined
              ? {}
              : {
                  pullRequest: {
                    url: acting.proposal.url,
                    number: acting.proposal.number,
                    since: time(acting.proposal.at),
                  },
                }),
          },
        }),
    ...(settling === undefined
      ? {}
      : {
          settling: {
            version: settling.version,
            promotion: idOf(settling),
            stage: settling.stage,
            since: time(settling.at),
          },
        }),
    queued: [...queued],
    held: held.map(({ version, because, by, url, at }) => ({
      version,
      because,
      ...(by === undefined ? {} : { by }),
      ...(url === undefined ? {} : { url }),
      since: time(at),
    })),
    ...(failed === undefined
      ? {}
      : { failed: { version: failed.version, ...(failed.code === undefined ? {} : { code: failed.code }) } }),
    ...(last === undefined
      ? {}
      : {
          last: {
            version: last.version,
            state: last.state,
            at: time(last.endedAt),
            ...(last.by === undefined ? {} : { by: last.by }),
            ...(last.detail === undefined ? {} : { detail: last.detail }),
          },
        }),
    changedAt: time(changedAt),
  };
}

/** One for each object, what it reported last. */
function targetsOf(...reports: readonly (readonly RunningTarget[])[]): RunningTarget[] {
  const byObject = new Map<string, RunningTarget>();
  for (const report of reports.flat()) {
    const known = byObject.get(report.object);
    if (known === undefined || known.at < report.at) byObject.set(report.object, report);
  }
  return [...byObject.values()].sort((a, b) => (a.object < b.object ? -1 : 1));
}

function time(at: number): string {
  return new Date(at).toISOString();
}
