/** Versions and YAML, held to the Go libraries that Flux, Helm and Kubernetes use. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import fc from 'fast-check';
import { compareVersions } from '../../src/domain/version/compare-versions';
import { readReportedVersion } from '../../src/domain/version/reported-version';
import { setMarkedVersions } from '../../src/manifests/set-marked-versions';

const serversScript = path.join(__dirname, '../../scripts/kubernetes-servers.mjs');
const marker = { namespace: 'apps', pipeline: 'shop', environment: 'prod' };
const hex = '85ea00130562';
const ociDigest = `sha256:${hex}${'0'.repeat(52)}`;

let program: string;
beforeAll(() => {
  const found = spawnSync(process.execPath, [serversScript, 'go-reference'], { encoding: 'utf8' });
  program = (JSON.parse(found.stdout) as Record<string, string>)['go-reference'] ?? '';
});

function ask(questions: readonly object[]): unknown[] {
  const input = questions.map((question) => JSON.stringify(question)).join('\n');
  const { status, stdout } = spawnSync(program, { input, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) throw new Error('the reference failed');
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

const number = fc.nat({ max: 300 });
const identifier = fc.oneof(fc.constantFrom('rc', 'beta', 'alpha'), number.map(String));
const suffix = fc.option(
  fc.array(identifier, { minLength: 1, maxLength: 3 }).map((parts) => `-${parts.join('.')}`),
  { nil: '' },
);
const chartVersion = fc
  .tuple(fc.constantFrom('', 'v'), number, number, number, suffix)
  .map(([v, major, minor, patch, rest]) => `${v}${major}.${minor}.${patch}${rest}`);
const samples = <T>(arbitrary: fc.Arbitrary<T>, count: number): T[] =>
  fc.sample(arbitrary, { numRuns: count, seed: 9 });

it("gets back a chart's tag from what helm-controller makes of its version", () => {
  const pairs = samples(fc.tuple(chartVersion, chartVersion), 2_000)
    // One chart spells its versions one way.
    .filter(([before, now]) => before.startsWith('v') === now.startsWith('v') && before !== now);
  const revisions = ask(pairs.map(([, version]) => ({ ask: 'setMetadata', version, metadata: hex })));

  const written = pairs.map(([before], index) => {
    const manifest = `apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nspec:\n  ref:\n    tag: ${before} # {"$promotion": "apps:shop:prod"}\n`;
    const report = readReportedVersion(String(revisions[index]), ociDigest);
    return setMarkedVersions(manifest, marker, report).changes[0]?.next;
  });

  expect(pairs.length).toBeGreaterThan(500);
  expect(written).toEqual(pairs.map(([, version]) => version));
});

it('orders versions as Helm does', () => {
  const pairs = samples(fc.tuple(chartVersion, chartVersion), 2_000);
  const orders = ask(pairs.map(([version, other]) => ({ ask: 'compare', version, other })));
  const ours = pairs.map(([a, b]) => Math.sign(compareVersions(a, b) ?? 0));
  expect(ours).toEqual(orders);
});

it('writes every version so that Kubernetes reads this very string', () => {
  const versions = [
    ...[
      '72E7_9',
      '0e4_2',
      '1_0',
      '0x_1F',
      '0b1_0',
      '0o1_7',
      '1_000.5',
      '12:30',
      'y',
      'on',
      '1e3',
      '.5',
      '2026-11-27',
    ],
    ...samples(fc.stringMatching(/^[0-9][0-9a-fA-FxXoObBeE_.:+-]{0,10}$/), 3_000),
    ...samples(chartVersion, 200),
  ].filter((version) => !/\+(?:\d+|[0-9a-f]{12}(?:\.\d+)?)$/.test(version));
  const texts = versions.map(
    (version) =>
      setMarkedVersions('version: none # {"$promotion": "apps:shop:prod"}\n', marker, { version }).text,
  );
  const read = ask(texts.map((text) => ({ ask: 'yaml', text })));
  expect(read).toEqual(versions.map((version) => ({ version })));
});

it('edits what Kubernetes reads though YAML wants more indentation', () => {
  const texts = [
    'a: "one\ntwo"\nversion: none # {"$promotion": "apps:shop:prod"}\n',
    'm:\n  a: \'one\n\ntwo\'\n  version: none # {"$promotion": "apps:shop:prod"}\n',
    'm:\n  l: [1,\n2]\n  version: none # {"$promotion": "apps:shop:prod"}\n',
  ].map((text) => setMarkedVersions(text, marker, { version: '1.2.3' }).text);
  expect(ask(texts.map((text) => ({ ask: 'yaml', text })))).toEqual([
    { a: 'one two', version: '1.2.3' },
    { m: { a: 'one\ntwo', version: '1.2.3' } },
    { m: { l: [1, 2], version: '1.2.3' } },
  ]);
});
