import { cutToWidth, textWidth } from './width';

export type Paint = (text: string) => string;

export interface Cell {
  readonly text: string;
  readonly paint?: Paint;
}

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => Cell | string;
  /** Shown with `-o wide` only. */
  readonly wide?: true;
  /** May be cut with an ellipsis where the terminal is too narrow. */
  readonly cut?: true;
}

/** How a table is printed. */
export interface TableForm {
  readonly headers: boolean;
  /** Of the terminal; undefined: the output is not a terminal and nothing is cut. */
  readonly columns: number | undefined;
  readonly wide: boolean;
  readonly paintTitle: Paint;
}

const gap = '   ';
/** A column that is cut keeps as much as is still useful. */
const narrowest = 12;
const empty = '-';

/** Rows below each other, columns three spaces apart. An empty cell is `-`. */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  form: TableForm,
): string[] {
  return tableLines(columns, rows, form).lines;
}

/** Renders more rows in the widths of the first ones, for lists that are watched. */
export function growingTable<Row>(
  columns: readonly Column<Row>[],
  first: readonly Row[],
  form: TableForm,
): {
  readonly lines: string[];
  readonly more: (columns: readonly Column<Row>[], rows: readonly Row[]) => string[];
} {
  const { lines, widths } = tableLines(columns, first, form);
  return {
    lines,
    more: (later, rows) => tableLines(later, rows, { ...form, headers: false }, widths).lines,
  };
}

function tableLines<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  form: TableForm,
  fixed?: readonly number[],
): { readonly lines: string[]; readonly widths: readonly number[] } {
  const shown = columns.filter((column) => form.wide || column.wide !== true);
  const body = rows.map((row) => shown.map((column) => cellOf(column.cell(row))));
  const head = shown.map(({ title }): Cell => ({ text: title, paint: form.paintTitle }));
  const all = form.headers ? [head, ...body] : body;
  const widths = fixed ?? fit(shown, all, form.columns);
  return { lines: all.map((cells) => renderRow(cells, widths, form.columns !== undefined)), widths };
}

/** What a row shows, as one text to compare. */
export function rowText<Row>(columns: readonly Column<Row>[], row: Row): string {
  return JSON.stringify(columns.map((column) => cellOf(column.cell(row)).text));
}

function cellOf(cell: Cell | string): Cell {
  const { text, ...rest } = typeof cell === 'string' ? { text: cell } : cell;
  return text === '' ? { text: empty } : { text, ...rest };
}

function fit<Row>(
  columns: readonly Column<Row>[],
  rows: readonly (readonly Cell[])[],
  available: number | undefined,
): number[] {
  const widths = columns.map((_, index) =>
    rows.reduce((widest, cells) => Math.max(widest, textWidth(cells[index]?.text ?? '')), 0),
  );
  if (available === undefined) return widths;
  const total = (): number =>
    widths.reduce((sum, width) => sum + width, 0) + gap.length * Math.max(0, widths.length - 1);
  while (total() > available) {
    const widest = columns
      .map(({ cut }, index) => ({ index, width: cut === true ? (widths[index] ?? 0) : 0 }))
      .reduce((best, each) => (each.width > best.width ? each : best), { index: -1, width: narrowest });
    if (widest.index === -1) break;
    const others = columns.map((column, index) =>
      column.cut === true && index !== widest.index ? (widths[index] ?? 0) : 0,
    );
    // Down to the next widest one at once.
    const target = Math.max(narrowest, ...others.filter((width) => width < widest.width));
    widths[widest.index] = Math.max(target, widest.width - (total() - available), narrowest);
  }
  return widths;
}

function renderRow(cells: readonly Cell[], widths: readonly number[], cut: boolean): string {
  return cells
    .map(({ text, paint = same }, index) => {
      const width = widths[index] ?? 0;
      const shown = cut ? cutToWidth(text, width) : text;
      const isLast = index === cells.length - 1;
      const padding = isLast ? '' : ' '.repeat(Math.max(0, width - textWidth(shown)));
      return `${paint(shown)}${padding}`;
    })
    .join(gap)
    .trimEnd();
}

const same: Paint = (text) => text;
