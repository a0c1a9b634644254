import { type Registry, type Setting } from '../../src/config/setting';
import { code, markdownTable, replaceGenerated } from './markdown';

export const flagsPage = 'docs/reference/flags.md';

/** Writes the tables of flags and of their kinds of value. @param page the committed page */
export function withFlags(page: string, settings: Registry): string {
  const all = Object.values(settings);
  return replaceGenerated(replaceGenerated(page, 'flags', flagTable(all)), 'kinds of value', kindTable(all));
}

function flagTable(settings: readonly Setting[]): string {
  return markdownTable([
    ['flag', 'value', 'default', 'read by', 'description'],
    ...settings.map((setting) => [
      code(`--${setting.flag}`),
      setting.kind.argument,
      typeof setting.default === 'string' ? code(setting.default) : '',
      setting.readBy.length === 1 ? setting.readBy.join() : 'both',
      setting.description,
    ]),
  ]);
}

/** Kinds with the same format share a row. */
function kindTable(settings: readonly Setting[]): string {
  const argumentsBy = new Map<string, Set<string>>();
  for (const { kind } of settings) {
    if (kind.written === undefined) continue;
    argumentsBy.set(kind.written, (argumentsBy.get(kind.written) ?? new Set()).add(kind.argument));
  }
  return markdownTable([
    ['value', 'format'],
    ...[...argumentsBy].map(([written, names]) => [[...names].join(', '), written]),
  ]);
}
