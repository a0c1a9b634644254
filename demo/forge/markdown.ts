import { type Html, html } from './html';

/**
 * Renders the subset of Markdown that pull requests of promotions use: paragraphs, `-` lists, tables, headings, fenced
 * code; bold, code spans, http links and backslash escapes. A line that is an HTML comment is not shown. Everything else is
 * plain text, including markup.
 */
export function renderMarkdown(text: string): Html {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  const blocks: Html[] = [];
  while (lines.length > 0) {
    const first = lines[0] ?? '';
    if (first.trim() === '' || isComment(first)) lines.shift();
    else blocks.push(nextBlock(first, lines));
  }
  return html`${blocks}`;
}

function nextBlock(first: string, lines: string[]): Html {
  if (first.startsWith('```')) return fencedCode(lines);
  if (/^#{1,6} /.test(first)) {
    lines.shift();
    return html`<h3>${inline(first.replace(/^#+ /, ''))}</h3>`;
  }
  if (isItem(first)) {
    return html`<ul>
      ${takeWhile(lines, isItem).map((line) => html`<li>${inline(line.slice(2))}</li>`)}
    </ul>`;
  }
  if (isRow(first)) return table(takeWhile(lines, isRow));
  const paragraph = takeWhile(
    lines,
    (line) => !/^\s*$|^```|^#{1,6} /.test(line) && !isItem(line) && !isRow(line) && !isComment(line),
  );
  return html`<p>${inline(paragraph.join('\n'))}</p>`;
}

function isComment(line: string): boolean {
  return /^<!--[^>]*-->\s*$/.test(line);
}

function fencedCode(lines: string[]): Html {
  lines.shift();
  const code = takeWhile(lines, (line) => !line.startsWith('```'));
  lines.shift();
  return html`<pre>${code.join('\n')}</pre>`;
}

function table(rows: readonly string[]): Html {
  const cells = rows.map((row) =>
    row
      .trim()
      .replace(/^\||\|$/g, '')
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  );
  const isRule = (row: readonly string[]): boolean => row.every((cell) => /^:?-+:?$/.test(cell));
  const isEmpty = (row: readonly string[]): boolean => row.every((cell) => cell === '');
  const shown = cells.filter((row) => !isRule(row) && !isEmpty(row));
  return html`<table>
    ${shown.map(
      (row) =>
        html`<tr>
          ${row.map((cell) => html`<td>${inline(cell)}</td>`)}
        </tr>`,
    )}
  </table>`;
}

const markup =
  /\\([\\`*_{}[\]<>()#+!|~@-])|`([^`]+)`|\*\*((?:\\.|[^*\\])+)\*\*|\[((?:\\.|[^\]\\])+)\]\((https?:\/\/[^\s()]+)\)/g;

function inline(text: string): Html {
  const pieces: Html[] = [];
  let end = 0;
  for (const match of text.matchAll(markup)) {
    const [whole, escaped, code, bold, label, address] = match;
    pieces.push(html`${text.slice(end, match.index)}`);
    if (escaped !== undefined) pieces.push(html`${escaped}`);
    else if (code !== undefined) pieces.push(html`<code>${code}</code>`);
    else if (bold !== undefined) pieces.push(html`<strong>${inline(bold)}</strong>`);
    else pieces.push(html`<a href="${address ?? ''}" rel="noreferrer">${inline(label ?? '')}</a>`);
    end = match.index + whole.length;
  }
  return html`${pieces}${text.slice(end)}`;
}

function isItem(line: string): boolean {
  return /^[-*] /.test(line);
}

function isRow(line: string): boolean {
  return /^\|.*\|\s*$/.test(line);
}

/** Removes and returns the first lines that pass the test. */
function takeWhile(lines: string[], test: (line: string) => boolean): string[] {
  const length = lines.findIndex((line) => !test(line));
  return lines.splice(0, length < 0 ? lines.length : length);
}
