import { type Measurement } from './contender';
import { mean, median, printTable, verdict } from './measure';

/** The code of this checkout, or that of the earlier one. */
export type Side = 'now' | 'before';

export interface Promotion extends Measurement {
  /** HTTP requests that the forge got. */
  readonly requests: number;
}

/** What was measured for one side in one repository at one distance, round by round. */
export interface Subject {
  readonly side: Side;
  readonly manifests: number;
  readonly latencyMs: number;
  readonly cold: Promotion[];
  readonly warm: Promotion[];
  /** Warm, but without the marker index. */
  readonly searched: Promotion[];
  readonly clone: Measurement[];
}

type Figure = (measurement: Measurement) => number;

const wall: Figure = ({ ms }) => ms;
const cpu: Figure = ({ nodeCpu, gitCpu }) => nodeCpu + gitCpu;

/** Prints what was measured, the ratios, and how they stand to their targets, which are for the full size. */
export function reportPromotions(subjects: readonly Subject[], small: number, large: number): void {
  printFigures(subjects);
  console.log('');
  const ours = subjects.filter(({ side }) => side === 'now');
  const comparisons = ours.map((now) => {
    const beside = subjects.filter(({ latencyMs }) => latencyMs === now.latencyMs);
    const before = beside.find(
      ({ manifests, side }) => manifests === now.manifests && side === 'before',
    )?.warm;
    return {
      manifests: now.manifests,
      latencyMs: now.latencyMs,
      beforeWall: pairedRatio(now.warm, before, wall),
      beforeCpu: meanRatio(now.warm, before, cpu),
      clone: pairedRatio(now.warm, now.clone, wall),
      small: pairedRatio(now.warm, beside.find(({ manifests }) => manifests === small)?.warm, wall),
      searched: meanRatio(now.warm, now.searched, cpu),
    };
  });
  printTable(
    [
      'round trip, ms',
      'manifests',
      'wall / before',
      'CPU / before',
      'wall / clone',
      `wall / wall at ${small}`,
      'CPU / without index',
    ],
    comparisons.map(({ latencyMs, manifests, ...ratios }) => [
      String(latencyMs),
      String(manifests),
      ...[ratios.beforeWall, ratios.beforeCpu, ratios.clone, ratios.small, ratios.searched].map(
        (ratio) => ratio?.toFixed(2) ?? '',
      ),
    ]),
  );
  if (large < 20_000) return;
  for (const { manifests, latencyMs, ...ratios } of comparisons) {
    const judge = (what: string, ratio: number | undefined, atMost: number) => {
      if (ratio !== undefined)
        verdict(`${manifests} manifests at ${latencyMs} ms, ${what}`, ratio, { atMost });
    };
    const near = latencyMs === 0;
    if (manifests === small && near) {
      judge('wall / before', ratios.beforeWall, 0.6);
      judge('CPU / before', ratios.beforeCpu, 0.6);
      judge('wall / clone', ratios.clone, 1);
    }
    if (manifests === large) {
      judge('wall / before', ratios.beforeWall, 1);
      judge('CPU / before', ratios.beforeCpu, 1);
      judge(`wall / wall at ${small}`, ratios.small, near ? 4 : 1.5);
      if (!near) judge('wall / clone', ratios.clone, 0.1);
    }
  }
}

function printFigures(subjects: readonly Subject[]): void {
  const typical = (measurements: readonly Measurement[], figure: Figure): string =>
    measurements.length === 0 ? '' : median(measurements.map(figure)).toFixed(0);
  const average = (measurements: readonly Measurement[], figure: Figure): string =>
    measurements.length === 0 ? '' : mean(measurements.map(figure)).toFixed(0);
  printTable(
    [
      'round trip, ms',
      'manifests',
      'code',
      'requests',
      'processes',
      'warm, ms',
      'CPU of Node, ms',
      'CPU of git, ms',
      'without index, ms',
      'cold, ms',
      'clone + edit + push, ms',
      'its CPU, ms',
    ],
    subjects.map(({ latencyMs, manifests, side, warm, searched, cold, clone }) => [
      String(latencyMs),
      String(manifests),
      side,
      median(warm.map(({ requests }) => requests)).toFixed(0),
      typical(warm, ({ processes }) => processes),
      typical(warm, wall),
      average(warm, ({ nodeCpu }) => nodeCpu),
      average(warm, ({ gitCpu }) => gitCpu),
      typical(searched, wall),
      typical(cold, wall),
      typical(clone, wall),
      average(clone, cpu),
    ]),
  );
}

/** The median of the rounds' ratios: what slows one round down slows both sides of it. */
function pairedRatio(
  one: readonly Measurement[],
  other: readonly Measurement[] | undefined,
  figure: Figure,
): number | undefined {
  if (other === undefined || other.length === 0) return undefined;
  return median(one.map((measurement, round) => figure(measurement) / figure(other[round] ?? measurement)));
}

function meanRatio(
  one: readonly Measurement[],
  other: readonly Measurement[] | undefined,
  figure: Figure,
): number | undefined {
  if (other === undefined || other.length === 0) return undefined;
  return mean(one.map(figure)) / mean(other.map(figure));
}
