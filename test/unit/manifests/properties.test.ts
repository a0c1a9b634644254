import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { setMarkedVersions } from '../../../src/manifests/set-marked-versions';

const marker = { namespace: 'apps', pipeline: 'podinfo', environment: 'prod' };
const comment = '# {"$promotion": "apps:podinfo:prod"}';

/** A piece of a document: where a version stands in it, and where it is found once it is read. */
interface Piece {
  readonly before: string;
  readonly scalar: string;
  readonly after: string;
  readonly path: readonly (string | number)[];
}

/** `lead` stands between the indicator and the scalar: white space, tag and anchor. */
type Place = (key: string, lead: string, scalar: string) => Piece;

const places: readonly Place[] = [
  (key, lead, scalar) => ({ before: `${key}:${lead}`, scalar, after: ` ${comment}\n`, path: [key] }),
  (key, lead, scalar) => ({
    before: `${key}:\n  spec:\n    name: x\n    version:${lead}`,
    scalar,
    after: `  ${comment}  \n    other: [1, 2]\n`,
    path: [key, 'spec', 'version'],
  }),
  (key, lead, scalar) => ({
    before: `${key}:\n  ${comment}\n  # more\n  version:${lead}`,
    scalar,
    after: '   # {"$imagepolicy": "a:b"}\n  z: 1.2.3\n',
    path: [key, 'version'],
  }),
  (key, lead, scalar) => ({
    before: `${key}: {\n  a: 1, version:${lead}`,
    scalar,
    after: `, ${comment}\n  b: [x, {y: z}] }\n`,
    path: [key, 'version'],
  }),
  (key, lead, scalar) => ({
    before: `${key}:\n- op: replace\n  value:${lead}`,
    scalar,
    after: ` ${comment}\n- 1.2.3 # {"$promotion": "apps:podinfo:prod2"}\n`,
    path: [key, 0, 'value'],
  }),
  (key, lead, scalar) => ({
    before: `${key}:\n- a\n-${lead}`,
    scalar,
    after: `\t${comment}\n- b\n`,
    path: [key, 1],
  }),
];

const neighbours = [
  '',
  'unmarked: 1.2.3\n',
  'text: |\n  version: 1.2.3 # {"$promotion": "apps:podinfo:prod"}\n\n',
  '# version: 1.2.3 # {"$promotion": "apps:podinfo:prod"}\n',
  'image: "x:1" # {"$imagepolicy": "flux-system:x"}\n',
  'quoted: "ü \\u00fc # x"   \n\n\n',
  'late: 1.2.3 # {"$promotion": "apps:podinfo:production"}\n',
];

const value = fc.record({
  properties: fc.constantFrom('', '', '', ' !!str', ' &anchor', ' !!str &anchor'),
  scalar: fc.constantFrom(
    '',
    '1.2.3',
    '1.2',
    'true',
    '~1.2',
    "'1.2.3'",
    "'it''s'",
    '"1.2.3"',
    '"1\\x2e2"',
    '1.2 or so',
  ),
});

const marked = fc.record({
  place: fc.constantFrom(...places),
  value,
  neighbour: fc.constantFrom(...neighbours),
});

/** Documents of marked pieces and unmarked neighbours: the parts between the scalars, and the scalars' paths. */
const stream = fc
  .record({
    documents: fc.array(fc.array(marked, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
    lineEnd: fc.constantFrom('\n', '\r\n'),
    byteOrderMark: fc.boolean(),
  })
  .map(({ documents, lineEnd, byteOrderMark }) => {
    const fixed: string[] = [byteOrderMark ? '\uFEFF' : ''];
    const scalars: string[] = [];
    const paths = documents.map((pieces) => {
      append(fixed, '---\n');
      return pieces.map(({ place, value, neighbour }, index) => {
        // Keys are unique in a document, or it would not be read again.
        const piece = place(`key${index}`, value.properties + (value.scalar === '' ? '' : ' '), value.scalar);
        append(fixed, neighbour.replace(/^\w+/, (key) => `${key}${index}`) + piece.before);
        scalars.push(piece.scalar);
        fixed.push(piece.after);
        return piece.path;
      });
    });
    return { fixed: fixed.map((part) => part.replaceAll('\n', lineEnd)), scalars, paths };
  });

function append(parts: string[], text: string): void {
  parts.push((parts.pop() ?? '') + text);
}

/** Metadata as Flux puts it behind a chart's version is undone. */
const hasFluxMetadata = /^v?\d.*\+[0-9a-f.]+$/;

const anyVersion = fc.oneof(
  fc.stringMatching(/^v?\d{1,3}\.\d{1,3}\.\d{1,3}(-[a-z]{1,3}\.\d)?(\+[g-z][0-9a-z]{1,12})?$/),
  fc.stringMatching(/^[-+~]?[0-9a-fxoeEX._:]{1,8}$/),
  fc.constantFrom(
    '',
    ' ',
    '1.3',
    '1e3',
    'null',
    '~',
    'yes',
    'NO',
    'y',
    '2026-11-23',
    '.inf',
    '=',
    '<<',
    '---',
    '- a',
    'a: b',
    'a #b',
  ),
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
);

const version = anyVersion.filter((text) => !hasFluxMetadata.test(text));

const textOf = (fixed: readonly string[], scalars: readonly string[]): string =>
  fixed.map((part, index) => part + (scalars[index] ?? '')).join('');

test('only the bytes of the marked scalars change', () => {
  fc.assert(
    fc.property(stream, version, ({ fixed, scalars }, version) => {
      const edited = setMarkedVersions(textOf(fixed, scalars), marker, { version });

      let at = 0;
      for (const [index, part] of fixed.entries()) {
        const found = index === 0 ? 0 : edited.text.indexOf(part, at);
        expect(edited.text.slice(found, found + part.length)).toBe(part);
        at = found + part.length;
      }
      expect(at).toBe(edited.text.length);
      expect(edited.changes).toHaveLength(scalars.length);
    }),
  );
});

test('twice is once', () => {
  fc.assert(
    fc.property(stream, version, ({ fixed, scalars }, version) => {
      const once = setMarkedVersions(textOf(fixed, scalars), marker, { version }).text;

      expect(setMarkedVersions(once, marker, { version }).text).toBe(once);
    }),
  );
});

test.each(['1.1', '1.2'] as const)(
  'every edited document re-reads in YAML %s to the exact version string',
  (yaml) => {
    fc.assert(
      fc.property(stream, version, ({ fixed, scalars, paths }, version) => {
        const { text } = setMarkedVersions(textOf(fixed, scalars), marker, { version });

        const documents = parseAllDocuments(text, { version: yaml });
        const read = paths.map((inDocument, index) =>
          inDocument.map((path) => documents[index]?.getIn(path)),
        );
        expect(read).toEqual(paths.map((inDocument) => inDocument.map(() => version)));
      }),
    );
  },
);
