import { type ChartValue, type Registry, type Setting } from '../../src/config/setting';
import { listItems, type ValueSchema } from '../../src/config/value-kinds';

export type ChartSetting = Setting & { readonly chart: ChartValue };

/** The settings that are values of the chart, in the registry's order. */
export function chartSettings(settings: Registry): ChartSetting[] {
  return Object.values(settings).filter((setting): setting is ChartSetting => setting.chart !== undefined);
}

/** The value in values.yaml. */
export function chartDefault({ chart, default: fallback, kind }: ChartSetting): unknown {
  const text = chart.default ?? (typeof fallback === 'string' ? fallback : '');
  return byType<unknown>(kind.schema, {
    number: () => Number(text),
    list: () => listItems(text),
    switch: () => text === 'true',
    text: () => text,
  });
}

/** Formats a value of this schema in YAML. */
export function byType<T>(
  schema: ValueSchema,
  cases: Readonly<Record<'number' | 'list' | 'switch' | 'text', () => T>>,
): T {
  if ('enum' in schema) return cases.text();
  switch (schema.type) {
    case 'integer':
      return cases.number();
    case 'array':
      return cases.list();
    case 'boolean':
      return cases.switch();
    case 'string':
      return cases.text();
  }
}
