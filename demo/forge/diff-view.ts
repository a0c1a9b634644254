import { type Html, html } from './html';

/** Longer pages are not useful. */
const maxLines = 2_000;

type LineKind = 'hunk' | 'added' | 'removed' | 'context';

interface DiffLine {
  readonly kind: LineKind;
  readonly text: string;
  /** The line number in the old and the new file. */
  readonly before?: number;
  readonly after?: number;
}

interface FileDiff {
  readonly path: string;
  readonly lines: DiffLine[];
}

/** Renders the output of `git diff`, one card per file. */
export function renderDiff(diff: string): Html {
  const lines = diff.split('\n');
  const cut =
    lines.length > maxLines ? html`<p class="note">Only the first ${maxLines} lines are shown.</p>` : html``;
  return html`${parseDiff(lines.slice(0, maxLines)).map(renderFile)}${cut}`;
}

function renderFile({ path, lines }: FileDiff): Html {
  const rows = lines.map(
    ({ kind, text, before, after }) =>
      html`<tr class="${kind}">
        <td class="number">${before ?? ''}</td>
        <td class="number">${after ?? ''}</td>
        <td class="text">${text}</td>
      </tr>`,
  );
  return html`<section class="card">
    <h2><code>${path}</code></h2>
    <div class="scroll">
      <table class="diff">
        ${rows}
      </table>
    </div>
  </section>`;
}

function parseDiff(lines: readonly string[]): FileDiff[] {
  const files: FileDiff[] = [];
  let before = 0;
  let after = 0;
  let inHunk = false;
  for (const line of lines) {
    const header = /^diff --git "?a\/(.*?)"? "?b\//.exec(line);
    if (header !== null) {
      files.push({ path: header[1] ?? '', lines: [] });
      inHunk = false;
      continue;
    }
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    const current = files.at(-1);
    if (current === undefined) continue;
    if (hunk !== null) {
      [before, after] = [Number(hunk[1]), Number(hunk[2])];
      inHunk = true;
      current.lines.push({ kind: 'hunk', text: line });
    } else if (inHunk && line.startsWith('+')) {
      current.lines.push({ kind: 'added', text: line, after: after++ });
    } else if (inHunk && line.startsWith('-')) {
      current.lines.push({ kind: 'removed', text: line, before: before++ });
    } else if (inHunk && line.startsWith(' ')) {
      current.lines.push({ kind: 'context', text: line, before: before++, after: after++ });
    }
  }
  return files;
}
