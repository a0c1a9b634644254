import { ManifestFault } from '../../../src/manifests/manifest-fault';
import { findMisses } from '../../../src/manifests/marker-misses';
import { setMarkedVersions } from '../../../src/manifests/set-marked-versions';

const marker = { namespace: 'apps', pipeline: 'podinfo', environment: 'prod' };
const comment = '# {"$promotion": "apps:podinfo:prod"}';
const marked = (version: string): string => `version: ${version} ${comment}\n`;
const megabyte = 2 ** 20;

/** Repeats the numbered piece until the text has so many characters. */
function fill(piece: (index: number) => string, characters = megabyte): string {
  const pieces: string[] = [];
  for (let size = 0; size < characters; size += pieces.at(-1)?.length ?? 0) pieces.push(piece(pieces.length));
  return pieces.join('');
}

const release = (index: number): string =>
  `release-${index}:\n  chart: {name: podinfo, version: 1.2.3}\n  values:\n  - "a"\n  - 'b' # c\n  text: |\n    x\n`;

describe('files of up to a megabyte', () => {
  test.each([
    { name: 'one document, marked at its end', before: fill(release, 400_000), after: '' },
    { name: 'one document, marked at its start', before: '', after: fill(release, 400_000) },
    { name: 'a thousand documents', before: fill((index) => `---\n${release(index)}`) + '---\n', after: '' },
    {
      name: 'documents that are broken',
      before: fill(() => '---\na: "never closed\nb: [1\n') + '---\n',
      after: '',
    },
    { name: 'blank lines', before: fill(() => '\n', 200_000), after: '' },
    { name: 'comments', before: fill(() => '# {"$promotion": "apps:podinfo:staging"}\n'), after: '' },
    {
      name: 'one flow map on one line',
      before: `a: {${fill((index) => `k${index}: v, `, megabyte / 4)}}\n`,
      after: '',
    },
    { name: 'one quoted string', before: `a: "${fill(() => 'x # y ')}"\n`, after: '' },
    { name: 'one block scalar', before: 'a: |\n' + fill(() => '  x\n'), after: '' },
    {
      name: 'aliases of aliases',
      before: `a0: &a0 x\n${fill((i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]\n`, megabyte / 2)}`,
      after: '',
    },
  ])('$name', ({ before, after }) => {
    const edited = setMarkedVersions(before + marked('1.2.3') + after, marker, { version: '1.3.0' });

    expect(edited.text === before + marked('1.3.0') + after).toBe(true);
    expect(edited.changes).toEqual([
      {
        line: before.split('\n').length,
        previous: '1.2.3',
        place: expect.any(String),
        next: '1.3.0',
        warnings: [],
      },
    ]);
  });

  test('a marker on every line', () => {
    const text = (version: string): string => fill((index) => `key-${index}: ${version} ${comment}\n`);

    const edited = setMarkedVersions(text('1.2.3'), marker, { version: '1.3.0' });

    expect(edited.text === text('1.3.0')).toBe(true);
    expect(edited.changes).toHaveLength(text('1.2.3').split('\n').length - 1);
  });

  test('a marker above a marker above a marker', () => {
    const before = fill(() => `${comment}\n`);

    const edited = setMarkedVersions(`${before}version: 1.2.3\n`, marker, { version: '1.3.0' });

    expect(edited.text === `${before}version: 1.3.0\n`).toBe(true);
    expect(edited.changes).toHaveLength(1);
  });

  test('one line that opens a comment again and again', () => {
    const line = `a: 1.2.3 ${fill(() => '# { ')} {"$promotion": "apps:podinfo:prod"}\n`;

    expect(setMarkedVersions(line, marker, { version: '1.3.0' }).changes).toEqual([]);
  });
});

describe('documents with more tokens than any manifest', () => {
  const tooLong = 'The documents of this file with markers have more than 250000 YAML tokens';

  test.each([
    { name: 'keys', text: `${fill(() => 'a:\n')}${marked('1.2.3')}` },
    { name: 'items', text: `a: [${fill(() => '{},')}]\n${marked('1.2.3')}` },
    { name: 'escapes', text: `a: "${fill(() => '\\q')}"\n${marked('1.2.3')}` },
    { name: 'documents with markers', text: fill((i) => `---\n${marked('1.2.3')}${`k${i}:\n`.repeat(9)}`) },
  ])('are a fault with its line: $name', ({ text }) => {
    const line = expect.any(Number) as number;
    const fault = { line, reason: expect.stringContaining(tooLong) as string };
    expect(faultOf(text)).toMatchObject(fault);
  });

  test('cost nothing where they have no marker', () => {
    const text = (version: string) => `${fill(() => 'a:\n')}---\n${marked(version)}`;
    const tally = { tokens: 0 };
    const edited = setMarkedVersions(text('1.2.3'), marker, { version: '1.3.0' }, { tally });
    expect(edited.text === text('1.3.0')).toBe(true);
    expect(tally.tokens).toBeLessThan(20);
  });
});

/** Hours where a line is read again for each of its characters. */
test.each([
  ['words', '#', 'x'],
  ['spaces', '#', ' '],
  ['comment signs', 'x', ' #'],
])('a line of 2 MB with %s before a marker that does not count is read once', (_, start, filler) => {
  const line = `${start}${filler.repeat(2_000_000 / filler.length)}{"$promotion": "apps:podinfo:prod"}`;
  expect(findMisses(line, marker, new Set(), new Set([1]))).toHaveLength(1);
});

test('lines that lack their indentation are no longer looked for where that is not wanted', () => {
  const text = `a: "x\ny"\n${marked('1.2.3')}`;
  expect(faultOf(text)).toBeUndefined();
  expect(faultOf(text, false)?.reason).toContain('Missing closing "quote');
});

function faultOf(text: string, repairs = true): ManifestFault | undefined {
  try {
    setMarkedVersions(text, marker, { version: '1.3.0' }, { repairs });
    return undefined;
  } catch (error) {
    if (error instanceof ManifestFault) return error;
    throw error;
  }
}

describe('documents that are nested without end', () => {
  test.each([
    { name: 'flow lists', open: '[', line: 1 },
    { name: 'flow maps', open: '{a: ', line: 1 },
    { name: 'block lists', open: '- ', line: 1 },
    { name: 'explicit keys', open: '? ', line: 1 },
    { name: 'flow lists, a line each', open: '[\n', line: 200 },
  ])('are a fault, not a crash: $name', ({ open, line }) => {
    const text = `${open.repeat(100_000)}\n${marked('1.2.3')}`;

    const message = `line ${line}: The document with the marker of line ${text.split('\n').length - 1} cannot be parsed as YAML (nested more than 200 levels deep)`;
    expect(() => setMarkedVersions(text, marker, { version: '1.3.0' })).toThrow(message);
  });

  test('harm no document beside them', () => {
    const before = `${'['.repeat(100_000)}\n---\n`;

    expect(setMarkedVersions(before + marked('1.2.3'), marker, { version: '1.3.0' }).text).toBe(
      before + marked('1.3.0'),
    );
  });

  test('are honoured at a depth that people write', () => {
    const before = `a: ${'['.repeat(90)}${']'.repeat(90)}\n`;

    expect(setMarkedVersions(before + marked('1.2.3'), marker, { version: '1.3.0' }).text).toBe(
      before + marked('1.3.0'),
    );
  });
});

test('a fault names its line and its reason', () => {
  expect(() => setMarkedVersions(`a: 1\nb: *a ${comment}\n`, marker, { version: '1.3.0' })).toThrow(
    ManifestFault,
  );
});
