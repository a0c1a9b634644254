import { type Registry } from '../../src/config/setting';
import { settings as allSettings } from '../../src/config/settings';
import { chartDefaults, defaultsTemplate } from './chart-defaults';
import { chartSchema, chartValuesSchema } from './chart-schema';
import { chartFlags, chartTemplate } from './chart-template';
import { flagsPage, withFlags } from './flags-page';
import { type GeneratedFile } from './generated-file';
import { valuesFile, withDefaults } from './values-file';
import { valuesPage, withValues } from './values-page';

/** The texts that the registry of settings defines in the documentation and in the Helm chart. */
export function generateFromSettings(
  committed: (path: string) => string,
  settings: Registry = allSettings,
): readonly GeneratedFile[] {
  const values = withDefaults(committed(valuesFile), settings);
  return [
    { path: flagsPage, text: withFlags(committed(flagsPage), settings) },
    { path: valuesFile, text: values },
    { path: chartDefaults, text: defaultsTemplate(values) },
    { path: chartSchema, text: chartValuesSchema(settings) },
    { path: chartTemplate, text: chartFlags(settings) },
    { path: valuesPage, text: withValues(committed(valuesPage), values, settings) },
  ];
}
