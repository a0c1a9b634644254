import { formatTree, parseTree } from '../../../../src/git/objects/tree-object';

const blob = 'ce013625030ba8dba906f756967f9e9ca394464a';
const entry = (mode: string, name: Buffer, id: string) =>
  Buffer.concat([Buffer.from(`${mode} `), name, Buffer.from([0]), Buffer.from(id, 'hex')]);

describe('a tree object', () => {
  test('is read and written byte for byte, whatever a name holds', () => {
    const names = [
      Buffer.from('a b'),
      Buffer.from('new\nline'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('zoë'),
    ];
    const tree = Buffer.concat(names.map((name) => entry('100644', name, blob)));
    const entries = parseTree(tree, 20);
    expect(entries.map(({ name }) => name)).toEqual(names);
    expect(formatTree(entries)).toEqual(tree);
  });

  test('keeps modes as they are spelt', () => {
    const tree = Buffer.concat(
      ['40000', '100755', '100664', '120000', '160000'].map((mode, i) =>
        entry(mode, Buffer.from(`n${i}`), blob),
      ),
    );
    expect(parseTree(tree, 20).map(({ mode }) => mode)).toEqual([
      '40000',
      '100755',
      '100664',
      '120000',
      '160000',
    ]);
  });

  test('may hold SHA-256 ids', () => {
    const id = 'ab'.repeat(32);
    expect(parseTree(entry('100644', Buffer.from('a'), id), 32)).toEqual([
      { mode: '100644', name: Buffer.from('a'), id },
    ]);
  });

  test.each([1, 7, 12, 27])('cut off after %d bytes is refused', (length) => {
    expect(() => parseTree(entry('100644', Buffer.from('a'), blob).subarray(0, length), 20)).toThrow(
      RangeError,
    );
  });
});
