/**
 * Where a spreadsheet would begin a formula. Where it splits lines at something else than commas, as its language or its user
 * says, it does so within cells as well: their quotes are not at the beginning of what it takes as one. See
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
const formula = /(^|[;|\t\r\n"] *)(?=[=+\-@])|^(?=[\t\r])/g;

/** RFC 4180. A spreadsheet must not run what someone wrote as a comment: an apostrophe makes it text. */
export function csvLine(cells: readonly string[]): string {
  return cells
    .map((cell) => cell.replace(formula, "$1'"))
    .map((cell) => (/[",;|\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(',');
}
