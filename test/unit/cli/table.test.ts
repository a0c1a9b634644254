import { type Column, growingTable, renderTable, type TableForm } from '../../../src/cli/text/table';

interface Row {
  readonly name: string;
  readonly words: string;
  readonly more?: string;
}

const columns: readonly Column<Row>[] = [
  { title: 'NAME', cell: ({ name }) => name },
  { title: 'MORE', wide: true, cell: ({ more }) => more ?? '' },
  { title: 'WORDS', cut: true, cell: ({ words }) => ({ text: words, paint: (text) => `<${text}>` }) },
];
const form: TableForm = { headers: true, columns: undefined, wide: false, paintTitle: (text) => text };
const rows: readonly Row[] = [
  { name: 'a', words: 'a sentence that is longer than the terminal' },
  { name: 'longer', words: '' },
];

describe('a table', () => {
  it('aligns its columns, and shows a dash for nothing', () => {
    expect(renderTable(columns, rows, form)).toEqual([
      'NAME     WORDS',
      'a        <a sentence that is longer than the terminal>',
      'longer   -',
    ]);
  });

  it('cuts long sentences to the width of the terminal, and nothing else', () => {
    expect(renderTable(columns, rows, { ...form, columns: 30 })).toEqual([
      'NAME     WORDS',
      'a        <a sentence that is l…>',
      'longer   -',
    ]);
  });

  it('keeps a sentence readable on a terminal that is too narrow for anything', () => {
    expect(renderTable(columns, rows, { ...form, columns: 5 })[1]).toBe('a        <a sentence …>');
  });

  it('shares the width among the columns that can be cut', () => {
    const two: readonly Column<Row>[] = [
      { title: 'A', cut: true, cell: () => 'x'.repeat(50) },
      { title: 'B', cut: true, cell: () => 'y'.repeat(20) },
    ];
    const [, line = ''] = renderTable(two, rows.slice(0, 1), { ...form, columns: 43 });
    expect(line).toHaveLength(43);
    expect(line).toContain('y'.repeat(20));
  });

  it('shows more columns with wide, and no titles without headers', () => {
    const more = [{ name: 'a', words: 'b', more: 'c' }];
    expect(renderTable(columns, more, { ...form, wide: true, headers: false })).toEqual(['a   c   <b>']);
  });

  it('aligns wide characters', () => {
    const wide = [
      { name: '版本', words: 'x' },
      { name: 'abcd', words: 'y' },
    ];
    expect(renderTable(columns, wide, { ...form, headers: false })).toEqual(['版本   <x>', 'abcd   <y>']);
  });

  it('keeps its widths when rows are added', () => {
    const { more } = growingTable(columns, rows, form);
    expect(more(columns, [{ name: 'b', words: 'c' }])).toEqual(['b        <c>']);
  });
});
