/** @returns milliseconds, and what `run` returned */
export async function timed<T>(run: () => Promise<T>): Promise<{ readonly ms: number; readonly result: T }> {
  const start = performance.now();
  const result = await run();
  return { ms: performance.now() - start, result };
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** @param share 0.99: the number that 99 of 100 do not exceed; 1: the largest */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

/** Prints a Markdown table, as bench/README.md shows them. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  console.log(line(head));
  console.log(line(widths.map((width) => '-'.repeat(width))));
  for (const row of rows) console.log(line(row));
}

/** How a ratio stands to its target. */
export function verdict(
  what: string,
  ratio: number,
  target: { readonly atMost: number } | { readonly atLeast: number },
): void {
  const [met, bound] =
    'atMost' in target
      ? [ratio <= target.atMost, `at most ${target.atMost}`]
      : [ratio >= target.atLeast, `at least ${target.atLeast}`];
  console.log(`${met ? 'met   ' : 'MISSED'} ${what}: ${ratio.toFixed(2)} (target: ${bound})`);
}
