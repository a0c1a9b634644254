/** Records as files: pure. */
import { type Entry } from './audit';

const columns = [
  'at',
  'kind',
  'namespace',
  'pipeline',
  'environment',
  'version',
  'head',
  'by',
  'groups',
  'via',
  'from',
  'detail',
] as const satisfies readonly (keyof Entry)[];

/** The columns of `windlass audit -o csv`, the first line with their names. */
export function csvOf(entries: readonly Entry[]): string {
  const lines = entries.map((entry) => columns.map((column) => [entry[column] ?? ''].flat().join(' ')));
  return [columns, ...lines].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
}

/**
 * Where a spreadsheet would run what someone wrote as a comment, also where it splits lines at something else than commas, and so
 * within cells. https://owasp.org/www-community/attacks/CSV_Injection
 */
const formula = /(^|[;|\t\r\n"] *)(?=[=+\-@])|^(?=[\t\r])/g;

/** RFC 4180. */
function cell(text: string): string {
  const safe = text.replace(formula, "$1'");
  return /[",;|\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** @param at milliseconds since the epoch */
export function fileName(extension: 'csv' | 'json', at: number): string {
  return `windlass-activity-${new Date(at).toISOString().slice(0, 10)}.${extension}`;
}
