import { isDeepStrictEqual } from 'node:util';
import { type Document, isMap, isScalar, parseDocument, Scalar } from 'yaml';
import { type Registry } from '../../src/config/setting';
import { chartDefault, chartSettings } from './chart-value';
import { valueLeaves } from './value-leaves';

export const valuesFile = 'charts/windlass/values.yaml';

/**
 * Writes each setting's default to its place in values.yaml. Existing values keep their place and their comments. A new
 * value is added at the end of its map, and can be moved.
 * @param text the committed file
 */
export function withDefaults(text: string, settings: Registry): string {
  const values = parseDocument(text);
  const there = new Map(valueLeaves(values.toJS()));
  for (const setting of chartSettings(settings)) {
    const { value } = setting.chart;
    const wanted = chartDefault(setting);
    if (there.has(value) && isDeepStrictEqual(there.get(value), wanted)) continue;
    values.setIn(value.split('.'), values.createNode(wanted));
    if (!there.has(value)) comment(values, value.split('.'), setting.description);
  }
  return values.toString({ lineWidth: 0 });
}

function comment(values: Document, path: readonly string[], text: string): void {
  const outer = path.length === 1 ? values.contents : values.getIn(path.slice(0, -1));
  const pair = isMap(outer) ? outer.items.at(-1) : undefined;
  if (pair === undefined) return;
  const key = isScalar(pair.key) ? pair.key : new Scalar(pair.key);
  key.commentBefore = ` ${text}`;
  pair.key = key;
}
