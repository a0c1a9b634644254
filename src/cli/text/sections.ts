/** Descriptions of one object, as kubectl prints them. */
export type Field = readonly [label: string, value: string | readonly string[] | undefined];

/** Labels with their values below each other, aligned; fields without a value are left out. */
export function fieldLines(fields: readonly Field[], indent = ''): string[] {
  const given = fields.filter(([, value]) => value !== undefined && value.length > 0);
  const width = given.reduce((widest, [label]) => Math.max(widest, label.length), 0) + 1;
  return given.flatMap(([label, value]) =>
    [value ?? []].flat().map((line, index) => {
      const head = index === 0 ? `${label}:` : '';
      return `${indent}${head.padEnd(width)}  ${line}`;
    }),
  );
}

/** A heading with indented lines; nothing without lines. */
export function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}
