/** The tables of Git services in docs/providers.md, from the registry and from the readme of each provider. */
import { providers } from '../../src/providers/registry';
import { type ProviderFeatures, type ProviderModule } from '../../src/providers/port';
import { type Generator } from './generated-file';
import { code, markdownTable, replaceGenerated, tableRows } from './markdown';

const providersPage = 'docs/providers.md';

/** In the order of the table; what a Pipeline asks for with it. */
const columns: Readonly<Record<keyof ProviderFeatures, string>> = {
  labels: '`labels`',
  reviewers: '`reviewers.users`',
  teamReviewers: '`reviewers.teams`',
  assignees: '`assignees`',
  draft: '`draft`',
  squash: '`squash`',
  deleteBranch: '`deleteBranch`',
  mergeQueue: 'merge queue',
};

export const generateFromProviders: Generator = (committed) => {
  const modules = Object.values(providers);
  const sections: Readonly<Record<string, string>> = {
    features: featureTable(modules),
    'what services have instead': insteadTable(modules),
    tokens: tokenTable(modules, committed),
  };
  let text = committed(providersPage);
  for (const [name, content] of Object.entries(sections)) text = replaceGenerated(text, name, content);
  return [{ path: providersPage, text }];
};

const featureNames = Object.keys(columns) as (keyof ProviderFeatures)[];

function featureTable(modules: readonly ProviderModule[]): string {
  return markdownTable([
    ['type', ...featureNames.map((feature) => columns[feature])],
    ...modules.map(({ type, features }) => [
      code(type),
      ...featureNames.map((feature) => (features[feature] === true ? 'yes' : '')),
    ]),
  ]);
}

function insteadTable(modules: readonly ProviderModule[]): string {
  const rows = modules.flatMap(({ type, features }) =>
    featureNames.flatMap((feature) => {
      const instead = features[feature];
      return instead === true ? [] : [[code(type), columns[feature], escaped(instead)]];
    }),
  );
  return markdownTable([['type', 'setting', 'what the service has instead'], ...rows]);
}

function tokenTable(modules: readonly ProviderModule[], committed: (path: string) => string): string {
  return markdownTable([
    ['type', 'token', 'least privilege'],
    ...modules.map(({ type }) => {
      const path = `src/providers/${type}/readme.md`;
      const row = readmeRow(committed(path));
      return [`[${type}](../${path})`, row('token'), row('least privilege')];
    }),
  ]);
}

/** The second cell of the row about a subject; empty where the readme has none. */
function readmeRow(readme: string): (subject: string) => string {
  const rows = tableRows(['', '', ...readme.split('\n').filter((line) => line.startsWith('|'))]);
  return (subject) => rows.find(([first]) => first === subject)?.[1] ?? '';
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}
