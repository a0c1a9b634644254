/** Deeper than anything in a manifest that is to be read; what stands above must be less indented. */
const indentation = ' '.repeat(512);

/** A text in which some lines are indented for the parser; offsets count back to the text as it was. */
export class IndentedText {
  readonly text: string;
  /** Starts of the indented lines in the source, ascending. */
  readonly #lines: readonly number[];
  readonly #source: string;

  constructor(source: string, lines: readonly number[] = []) {
    this.#source = source;
    this.#lines = lines;
    const parts: string[] = [];
    let copied = 0;
    for (const line of lines) {
      parts.push(source.slice(copied, line), indentation);
      copied = line;
    }
    parts.push(source.slice(copied));
    this.text = parts.join('');
  }

  /** @returns undefined where the line at this offset of the text is indented already, or is the first */
  indentLineAt(offset: number): IndentedText | undefined {
    const at = this.toSource(offset);
    const start = this.#source.lastIndexOf('\n', at - 1) + 1;
    if (start === 0 || this.#lines.includes(start)) return undefined;
    return new IndentedText(
      this.#source,
      [...this.#lines, start].sort((a, b) => a - b),
    );
  }

  /** An offset into the text as one into the source; within an added indentation: the start of that line. */
  toSource(offset: number): number {
    let added = 0;
    for (const line of this.#lines) {
      if (offset < line + added) break;
      if (offset < line + added + indentation.length) return line;
      added += indentation.length;
    }
    return offset - added;
  }

  toText(sourceOffset: number): number {
    return sourceOffset + this.#lines.filter((line) => line <= sourceOffset).length * indentation.length;
  }
}
