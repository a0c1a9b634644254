import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readReportedVersion } from '../../../src/domain/version/reported-version';
import { setMarkedVersions } from '../../../src/manifests/set-marked-versions';

/** Manifests as public fleets write them; each marks one version, of the pipeline in its marker. */
const read = (name: string): string =>
  readFileSync(path.join(__dirname, '../../fixtures/fleets', `${name}.yaml`), 'utf8');
const ociDigest = 'sha256:85ea0013056258452ce27431392167ac036fd7fd1cb64df3a750b04851ac6d20';
const hex = '85ea00130562';

function promote(name: string, revision: string, digest?: string) {
  const text = read(name);
  const [, pipeline = ''] = /"apps:(\w+):prod"/.exec(text) ?? [];
  const marker = { namespace: 'apps', pipeline, environment: 'prod' };
  const report = readReportedVersion(revision, digest);
  const { text: next, changes } = setMarkedVersions(text, marker, report);
  const lines = next.split('\n');
  const changed = text
    .split('\n')
    .flatMap((line, index) =>
      line === lines[index] ? [] : [(lines[index] ?? '').replace(/\s+#.*/, '').trim()],
    );
  return { changed, warnings: changes.flatMap(({ warnings }) => warnings) };
}

it.each([
  ['oci-leading-v', `1.19.1+${hex}`, ociDigest, ['tag: v1.19.1']],
  ['oci-leading-v', `1.18.2+${hex}`, ociDigest, []],
  ['oci-build-metadata', `104.1.2+${hex}`, ociDigest, ['tag: 104.1.2']],
  ['oci-plus-in-tag', '0.20250616.4188+ref.2dec694', undefined, ['tag: 0.20250616.4188_ref.2dec694']],
  ['tag-and-digest', `0.17.0+${hex}`, ociDigest, ['tag: 0.17.0', `digest: ${ociDigest}`]],
  ['whole-image-ref', '6.1.0', undefined, ['image: registry.example.com/team/app:6.1.0']],
  ['values-files-generation', '6.5.0+3', undefined, []],
  ['values-files-generation', '6.7.0+4', undefined, ['version: 6.7.0']],
  ['commit-hash-versions', '0.0.0-1a2b3c4', undefined, ['version: 0.0.0-1a2b3c4']],
  ['quoted-continuation-not-indented', '1.1.0', undefined, ['APP_VERSION: "1.1.0"']],
])('%s, reported %s: what is written', (name, revision, digest, changed) => {
  expect(promote(name, revision, digest).changed).toEqual(changed);
});

it('warns where Flux has lost the metadata of the chart', () => {
  expect(promote('oci-build-metadata', `104.1.2+${hex}`, ociDigest).warnings).toHaveLength(1);
});

it('refuses to set a digest that no event tells', () => {
  expect(() => promote('tag-and-digest', '0.17.0')).toThrow(/digest stands beside the marked tag/);
});
