/** `npm run generate`: writes every file that is generated from a table in the source. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateFromProgram } from './cli-page';
import { type Generator } from './generated-file';
import { generateDashboard } from './grafana/dashboard';
import { generateFromRoutes } from './operator-api';
import { generateFromProviders } from './providers-page';
import { generateFromResources } from './resources';
import { generateFromSettings } from './settings';

const root = join(__dirname, '../..');

export const committed = (path: string): string => readFileSync(join(root, path), 'utf8');

/** By the source table of each. */
export const generators: Readonly<Record<string, Generator>> = {
  'src/resources': generateFromResources,
  'src/config/settings.ts': generateFromSettings,
  'src/operator/routes.ts': generateFromRoutes,
  'src/program/program.ts': generateFromProgram,
  'src/providers/registry.ts': generateFromProviders,
  'scripts/generate/grafana': generateDashboard,
};

export function main(): void {
  for (const generate of Object.values(generators)) {
    for (const { path, text } of generate(committed)) {
      if (text === committed(path)) continue;
      writeFileSync(join(root, path), text);
      console.log(`wrote ${path}`);
    }
  }
}
