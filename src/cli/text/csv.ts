/**
 * RFC 4180. A spreadsheet must not run what someone wrote as a comment: such a cell begins with an apostrophe. See
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
const formula = /^[=+\-@\t\r]/;

export function csvLine(cells: readonly string[]): string {
  return cells
    .map((cell) => (formula.test(cell) ? `'${cell}` : cell))
    .map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(',');
}
