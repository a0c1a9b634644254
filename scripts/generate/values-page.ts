import { parse } from 'yaml';
import { type Registry } from '../../src/config/setting';
import { type ChartSetting, chartSettings } from './chart-value';
import { code, markdownTable, tableRows } from './markdown';
import { valueLeaves } from './value-leaves';

export const valuesPage = 'docs/kubernetes/values.md';

/**
 * Writes the rows of the values that are settings. Their tables also have other values, whose rows are not generated. A
 * new row is added after the row of the previous value in values.yaml.
 * @param page the committed page @param valuesText values.yaml
 */
export function withValues(page: string, valuesText: string, settings: Registry): string {
  const leaves = valueLeaves(parse(valuesText));
  const names = leaves.map(([name]) => name);
  const rows = new Map(
    chartSettings(settings).map((setting) => {
      const { value } = setting.chart;
      const fallback = leaves.find(([name]) => name === value)?.[1];
      return [value, [code(value), code(shown(fallback)), meaningOf(setting)]] as const;
    }),
  );
  const known = new Set([...page.matchAll(/^\| `([\w.]+)`/gm)].map(([, name]) => name));
  const newBehind = new Map<string | undefined, string[]>();
  for (const name of rows.keys()) {
    if (known.has(name)) continue;
    const before = names.slice(0, names.indexOf(name)).findLast((other) => known.has(other));
    newBehind.set(before, [...(newBehind.get(before) ?? []), name]);
  }
  return page.replaceAll(/(?:^\|.*\n)+/gm, (table) => {
    const written = tableRows(table.trimEnd().split('\n')).flatMap((cells) => {
      const name = cells[0]?.replaceAll('`', '') ?? '';
      const added = (newBehind.get(name) ?? []).map((other) => rows.get(other) ?? []);
      return [rows.get(name) ?? cells, ...added];
    });
    return `${markdownTable(written)}\n`;
  });
}

/** A default as the page shows it. */
function shown(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function meaningOf({ chart, description, kind }: ChartSetting): string {
  return chart.meaning ?? (kind.unit === undefined ? description : `${description} (in ${kind.unit})`);
}
