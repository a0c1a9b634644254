import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { allMetrics } from '../../support/registered-metrics';
import { temporalSdkMetrics } from '../../support/temporal-sdk-metrics';
import { anchors, codeSpans, page, root, tableBelow } from './pages';

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<Record<string, string>>;
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly { readonly expr: string; readonly datasource: { readonly uid: string } }[];
}

const read = (path: string): string => readFileSync(join(root, 'charts/windlass', path), 'utf8');
const { groups } = parse(read('alerts.yaml')) as { groups: readonly { rules: readonly Alert[] }[] };
const alerts = groups.flatMap(({ rules }) => rules);
const dashboard = JSON.parse(read('dashboards/windlass.json')) as {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: unknown }[] };
};
const operations = page('docs/operations.md');
const runbooks = page('docs/runbooks.md');

/** Every series that the programs can have. */
const series = new Set([
  ...Object.values(temporalSdkMetrics).flat().flatMap(seriesOf),
  ...allMetrics()
    .getMetricsAsArray()
    .map(({ name }) => name)
    .flatMap(seriesOf),
]);

function seriesOf(metric: string): string[] {
  return ['', '_bucket', '_count', '_sum'].map((suffix) => metric + suffix);
}

/** The beginning of two of them, and a database. */
const otherNames = ['windlass_pipeline_', 'temporal_visibility'];

/** Names of metrics in PromQL or in text. */
const named = (text: string): string[] => text.match(/\b(?:windlass|temporal|process|nodejs)_\w+/g) ?? [];
const unknown = (text: string): string[] => named(text).filter((name) => !series.has(name));

it.each(alerts.map((alert) => [alert.alert, alert] as const))(
  '%s names metrics that there are, and has a severity, a sentence and a runbook',
  (name, { expr, labels, annotations }) => {
    expect(named(expr)).not.toEqual([]);
    expect(unknown(expr)).toEqual([]);
    expect(['critical', 'warning', 'info']).toContain(labels.severity);
    expect(annotations['summary']).toMatch(/^[A-Z].*\.$/);
    expect(anchors(runbooks)).toContain(name.toLowerCase());
  },
);

it('each runbook is that of an alert, in the same order', () => {
  expect(anchors(runbooks).slice(1)).toEqual(alerts.map(({ alert }) => alert.toLowerCase()));
});

it.each(runbooks.text.split(/^## /m).slice(1))(
  'says what %s means, what to look at and what to do',
  (section) => {
    const steps = ['**Meaning.**', '**Look at**', '**Do.**'].map((step) => section.indexOf(step));
    expect(steps).not.toContain(-1);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
  },
);

it('the table of alerts holds every alert with its severity and its runbook', () => {
  expect(tableBelow(operations, 'Alerts').map((cells) => cells.slice(0, 2))).toEqual(
    alerts.map(({ alert, labels }) => [`[${alert}](runbooks.md#${alert.toLowerCase()})`, labels.severity]),
  );
});

it.each([operations, runbooks])('$path names no metric that there is not', (shown) => {
  expect(
    codeSpans(shown)
      .flatMap(unknown)
      .filter((name) => !otherNames.includes(name)),
  ).toEqual([]);
});

describe('the Grafana dashboard', () => {
  const withTargets = dashboard.panels.filter(({ type }) => type !== 'row');

  it.each(withTargets.map((panel) => [panel.title, panel] as const))(
    '"%s" is explained, and shows metrics that there are, of the selected data source',
    (_title, { description = '', datasource, targets = [] }) => {
      expect(description).toMatch(/\.$/);
      expect([datasource, ...targets.map((target) => target.datasource)].map((each) => each?.uid)).toEqual(
        Array.from({ length: targets.length + 1 }, () => '${datasource}'),
      );
      for (const { expr } of targets) {
        expect(named(expr)).not.toEqual([]);
        expect(unknown(expr)).toEqual([]);
        expect(expr).toContain('job=~"$job"');
      }
    },
  );

  it('begins with what to look at first', () => {
    expect(dashboard.panels[0]).toMatchObject({ type: 'row', title: 'What to look at first' });
  });

  it('has variables for the data source and the installation', () => {
    expect(dashboard.templating.list.map(({ name }) => name)).toEqual(['datasource', 'job']);
  });

  it('has no panel over another one, or outside of the 24 columns', () => {
    const taken = new Set<string>();
    for (const { title, gridPos } of dashboard.panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(taken.has(`${x} ${y}`) ? title : 'free').toBe('free');
          taken.add(`${x} ${y}`);
        }
      }
    }
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });
});
