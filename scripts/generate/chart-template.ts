import { type Registry } from '../../src/config/setting';
import { byType, type ChartSetting, chartSettings } from './chart-value';

export const chartTemplate = 'charts/windlass/templates/_settings.tpl';

/**
 * The named template that turns values into the program's flags. A value that is null, or an empty text or list, leaves its
 * flag to the program's default.
 */
export function chartFlags(settings: Registry): string {
  return [
    '{{/* Written by `npm run generate` from src/config/settings.ts: the flags of the settings that are values. */}}',
    '{{- define "windlass.settings" -}}',
    ...chartSettings(settings).map(flagLines),
    '{{- end }}',
    '',
  ].join('\n');
}

function flagLines({ flag, chart, kind }: ChartSetting): string {
  const value = pathThrough(chart.value.split('.'));
  const text = (argument: string) => `{{ printf "--${flag}=%s" ${argument} | quote }}`;
  const whenGiven = (line: string) => `{{- if not (kindIs "invalid" ${value}) }}\n- ${line}\n{{- end }}`;
  const whenFilled = (line: string) =>
    `{{- with ${chart.template === undefined ? value : `include "${chart.template}" .`} }}\n- ${line}\n{{- end }}`;
  return byType(kind.schema, {
    // Helm reads large numbers as floating point.
    number: () => whenGiven(`--${flag}={{ int64 ${value} }}`),
    switch: () => whenGiven(`--${flag}={{ ${value} }}`),
    list: () => whenFilled(text('(join "," .)')),
    text: () => whenFilled(text('.')),
  });
}

/** `((.Values.a).b).c`: with these parentheses an `a` that is null makes all of it null. */
function pathThrough(keys: readonly string[]): string {
  return keys.slice(1).reduce((outer, key) => `(${outer}).${key}`, `.Values.${keys[0] ?? ''}`);
}
