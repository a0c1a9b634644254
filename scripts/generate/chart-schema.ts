import { type Registry } from '../../src/config/setting';
import { chartSettings } from './chart-value';
import { closed, handWrittenSchema, type MapSchema, type Schema } from './hand-written-schema';

export const chartSchema = 'charts/windlass/values.schema.json';

/** The schema of all values of the chart, as JSON. */
export function chartValuesSchema(settings: Registry): string {
  const whole = chartSettings(settings).reduce(
    (schema, { chart, kind }) => withValue(schema, chart.value.split('.'), kind.schema),
    handWrittenSchema,
  );
  return `${JSON.stringify(whole, undefined, 2)}\n`;
}

function withValue(map: MapSchema, [key = '', ...below]: readonly string[], value: Schema): MapSchema {
  const there = map.properties[key];
  if (below.length > 0) {
    const inner = there !== undefined && isMapSchema(there) ? there : closed({});
    return { ...map, properties: { ...map.properties, [key]: withValue(inner, below, value) } };
  }
  if (there !== undefined) throw new Error(`Two values of the chart have the name ${key}.`);
  return { ...map, properties: { ...map.properties, [key]: value } };
}

function isMapSchema(schema: Schema): schema is MapSchema {
  return 'properties' in schema;
}
