/** A table as prettier writes it. @param rows cells in Markdown; the first row is the head */
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
 * Replaces what stands between `<!-- generated: name -->` and `<!-- end of name -->`.
 * @throws Error where a page has no such place
 */
export function replaceGenerated(page: string, name: string, content: string): string {
  const place = new RegExp(`(<!-- generated: ${name} .*-->\n)[^]*?(\n<!-- end of ${name} -->)`);
  if (!place.test(page)) throw new Error(`There is no place for ${name}: write its two comments.`);
  return page.replace(place, (_all, start: string, end: string) => `${start}\n${content}\n${end}`);
}

export const code = (text: string): string => (text === '' ? '' : `\`${text}\``);
