/** Where a command prints and asks. */
export interface Terminal {
  /** The width of standard output; undefined: no person reads it there. */
  readonly columns: number | undefined;
  readonly color: boolean;
  /** Whether someone can answer. */
  readonly interactive: boolean;
  /** A line to standard output. */
  print(line: string): void;
  /** A line to standard error. */
  note(line: string): void;
  /** @returns the line that was typed; undefined: none, the input ended */
  ask(question: string): Promise<string | undefined>;
  /** The same, and what is typed is not shown. */
  askHidden(question: string): Promise<string | undefined>;
  /** All of standard input. */
  readInput(): Promise<string>;
}
