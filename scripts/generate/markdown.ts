/** A table in prettier's format. @param rows cells in Markdown; the first row is the header */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(3, ...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

/** @param lines of one table @returns its rows without the line below the head */
export function tableRows(lines: readonly string[]): string[][] {
  return lines
    .filter((_, index) => index !== 1)
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/**
 * Replaces the text between `<!-- generated: name -->` and `<!-- end of name -->`.
 * @throws Error if the page does not have these comments
 */
export function replaceGenerated(page: string, name: string, content: string): string {
  const place = new RegExp(`(<!-- generated: ${name} .*-->\n)[^]*?(\n<!-- end of ${name} -->)`);
  if (!place.test(page)) throw new Error(`The page has no place for ${name}: add its two comments.`);
  return page.replace(place, (_all, start: string, end: string) => `${start}\n${content}\n${end}`);
}

export const code = (text: string): string => (text === '' ? '' : `\`${text}\``);
