import { type Session } from '../access/open-session';
import { type Column, growingTable, renderTable, type TableForm } from './table';
import { stringify } from 'yaml';

export type OutputFormat = 'table' | 'wide' | 'json' | 'yaml' | 'name' | 'csv';

/** The flags of commands that print lists. */
export interface ListFlags {
  readonly output?: OutputFormat;
  /** `--no-headers` sets it to false. */
  readonly headers?: boolean;
}

type Output = Pick<Session, 'terminal' | 'style'>;

/** @returns false: the format is one for people */
export function printData({ terminal }: Output, format: OutputFormat | undefined, value: unknown): boolean {
  if (format === 'json') terminal.print(JSON.stringify(value, null, 2));
  else if (format === 'yaml') terminal.print(stringify(value, { lineWidth: 0 }).trimEnd());
  else return false;
  return true;
}

/** Prints a list as a table; without rows, `nothing` on standard error. */
export function printTable<Row>(
  output: Output,
  flags: ListFlags,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  nothing: string,
): void {
  if (rows.length === 0) output.terminal.note(nothing);
  else for (const line of renderTable(columns, rows, formOf(output, flags))) output.terminal.print(line);
}

/** The same for a list that grows. @returns prints more rows */
export function printGrowingTable<Row>(
  output: Output,
  flags: ListFlags,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): (columns: readonly Column<Row>[], rows: readonly Row[]) => void {
  const { lines, more } = growingTable(columns, rows, formOf(output, flags));
  const print = (each: readonly string[]): void => {
    for (const line of each) output.terminal.print(line);
  };
  print(lines);
  return (later, added) => print(more(later, added));
}

function formOf({ terminal, style }: Output, { output, headers = true }: ListFlags): TableForm {
  return { headers, columns: terminal.columns, wide: output === 'wide', paintTitle: style.bold };
}
