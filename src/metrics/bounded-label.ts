/**
 * Values of a label that people choose freely, limited in number: a series of each lasts as long as the process.
 * @returns the value, or `other` after the first `most` ones
 */
export function boundedLabel(most: number): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (known.has(value)) return value;
    if (known.size >= most) return 'other';
    known.add(value);
    return value;
  };
}
