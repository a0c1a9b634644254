/** Which environments are columns: pure. */

/** More are too narrow to read. */
const most = 6;

/**
 * One column for each environment, where Pipelines have the same ones in the same order, or some of them: `prod` is then the
 * same column in every row, which is what people compare.
 * @param sequences the names of a Pipeline's environments, of each Pipeline
 * @returns undefined: they differ too much, and each row shows its own
 */
export function alignedColumns(sequences: Iterable<readonly string[]>): readonly string[] | undefined {
  const columns: string[] = [];
  const seen = new Set<string>();
  for (const sequence of sequences) {
    const key = sequence.join('\0');
    if (seen.has(key)) continue;
    seen.add(key);
    let place = 0;
    for (const name of sequence) {
      const known = columns.indexOf(name);
      if (known === -1) columns.splice(place, 0, name);
      else if (known < place) return undefined;
      place = (known === -1 ? place : known) + 1;
    }
    if (columns.length > most) return undefined;
  }
  return columns;
}
