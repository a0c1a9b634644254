/** What uPlot draws: bars and lines over named places, in the colors of the theme. */
import uPlot from 'uplot';

export interface PlotSeries {
  readonly name: string;
  /** One for each label; null: nothing to draw. */
  readonly values: readonly (number | null)[];
  /** A token, such as `--accent`. */
  readonly color: string;
  readonly shape: 'bar' | 'line' | 'dashed';
}

export interface PlotContent {
  readonly labels: readonly string[];
  readonly series: readonly PlotSeries[];
  /** `seconds`: ticks are whole minutes, hours and days. */
  readonly unit: 'count' | 'seconds';
  readonly format: (value: number) => string;
}

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const week = 7 * day;
const timeSteps = [
  1,
  5,
  15,
  30,
  ...[1, 5, 15, 30].map((n) => n * minute),
  ...[1, 2, 6, 12].map((n) => n * hour),
  ...[1, 2, 3.5, 7].map((n) => n * day),
  ...[2, 4, 8, 16, 32].map((n) => n * week),
];
const countSteps = [1, 2, 5]
  .flatMap((n) => [1, 10, 100, 1_000, 10_000].map((power) => n * power))
  .sort((a, b) => a - b);
const placeSteps = [1, 2, 3, 4, 6, 8, 13, 26];

export function plotData({ labels, series }: PlotContent): uPlot.AlignedData {
  return [labels.map((_, index) => index), ...series.map(({ values }) => [...values])];
}

export interface PlotSize {
  readonly width: number;
  readonly height: number;
}

/**
 * @param colorOf a token as the theme has it now
 * @param onPoint which place the pointer is at; undefined: none
 */
export function plotOptions(
  { labels, series, unit, format }: PlotContent,
  { width, height }: PlotSize,
  { colorOf, font }: { readonly colorOf: (token: string) => string; readonly font: string },
  onPoint: (place: number | undefined) => void,
): uPlot.Options {
  const text = colorOf('--text-muted');
  const line = colorOf('--border');
  const bars = series.filter(({ shape }) => shape === 'bar').length;
  return {
    width,
    height,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: [-0.5, Math.max(labels.length, 1) - 0.5] },
      y: { range: (_plot, _min, max) => [0, highest(max, unit)] },
    },
    axes: [
      {
        stroke: text,
        font,
        size: 28,
        space: 52,
        incrs: placeSteps,
        grid: { show: false },
        ticks: { show: false },
        values: (_plot, places) => places.map((place) => labels[place] ?? ''),
      },
      {
        stroke: text,
        font,
        size: (_plot, values) =>
          14 + 7 * Math.max(2, ...((values as string[] | null) ?? []).map(({ length }) => length)),
        space: 34,
        incrs: unit === 'seconds' ? timeSteps : countSteps,
        grid: { stroke: line, width: 1 },
        ticks: { show: false },
        values: (_plot, values) => values.map(format),
      },
    ],
    series: [{}, ...series.map((each, index): uPlot.Series => shapeOf(each, index, bars, colorOf))],
    hooks: { setCursor: [({ cursor: { idx } }) => onPoint(idx ?? undefined)] },
  };
}

function highest(max: number | null, unit: PlotContent['unit']): number {
  const least = unit === 'seconds' ? minute : 4;
  return Math.max((max ?? 0) * 1.1, least);
}

function shapeOf(
  { name, color: token, shape }: PlotSeries,
  index: number,
  bars: number,
  colorOf: (token: string) => string,
): uPlot.Series {
  const color = colorOf(token);
  if (shape !== 'bar') {
    return {
      label: name,
      stroke: color,
      width: 2,
      spanGaps: true,
      points: { show: true, size: 6, fill: color, stroke: color },
      ...(shape === 'dashed' ? { dash: [5, 4] } : {}),
    };
  }
  // Beside each other: the first one left of its place.
  const align = bars < 2 ? 0 : index === 0 ? -1 : 1;
  const paths = uPlot.paths.bars?.({ size: [bars < 2 ? 0.6 : 0.36, 28], align, radius: 0.1 });
  return {
    label: name,
    stroke: color,
    fill: color,
    width: 0,
    points: { show: false },
    ...(paths === undefined ? {} : { paths }),
  };
}
