import { type ReportedVersion } from '../../../../src/domain/version/reported-version';
import { type VersionPlace } from '../../../../src/domain/version/version-place';
import { versionToWrite } from '../../../../src/domain/version/version-to-write';

const digest = `sha256:85ea00130562${'0'.repeat(52)}`;
const place = (
  kind: string | undefined,
  path: string,
  siblings: Record<string, string> = {},
): VersionPlace => ({
  kind,
  path: path.split('.'),
  siblings: new Map(Object.entries(siblings)),
  url: kind === 'OCIRepository' ? 'oci://registry.example.com/charts/app' : undefined,
});
const tag = (siblings = {}) => place('OCIRepository', 'spec.ref.tag', siblings);
const chart = place('HelmRelease', 'spec.chart.spec.version');
const image = place('Deployment', 'spec.template.spec.containers.0.image');
/** As an event with that digest reports it. */
const fromOci = (version: string): ReportedVersion => ({
  version,
  revision: `${version}+85ea00130562`,
  ociDigest: digest,
});
const written = (found: string, where: VersionPlace, report: ReportedVersion): string => {
  const ruling = versionToWrite(found, where, report);
  return ruling.action === 'write' ? ruling.value : ruling.action;
};
const warnings = (found: string, where: VersionPlace, report: ReportedVersion): readonly string[] => {
  const ruling = versionToWrite(found, where, report);
  return ruling.action === 'refused' ? [] : ruling.warnings;
};

describe('with the digest as proof, the form of the manifest stays', () => {
  it.each([
    ['v1.18.2', tag(), '1.19.1', 'v1.19.1'],
    ['v1.19.1', tag(), '1.19.1', 'unchanged'],
    ['1.18.2', tag(), '1.19.1', '1.19.1'],
    ['1.19', tag(), '1.19.0', 'unchanged'],
    ['v2.0.0-rc.1', tag(), '2.0.0-rc.2', 'v2.0.0-rc.2'],
    ['v1.18.2', chart, '1.19.1', 'v1.19.1'],
    ['latest', tag(), '1.19.1', '1.19.1'],
    ['', tag(), '1.19.1', '1.19.1'],
  ])('%s, place %#, reported %s: %s', (found, where, version, expected) => {
    expect(written(found, where, fromOci(version))).toBe(expected);
  });
});

describe('without that proof, what was reported is written', () => {
  it.each([
    ['v1.18.2', chart, '1.19.1', '1.19.1'],
    ['1.18.2', chart, 'v1.19.1', 'v1.19.1'],
    ['1.0.0', chart, '1.1.0+up57.0.3', '1.1.0+up57.0.3'],
    ['0.20250601.4000_ref.1a2b3c4', tag(), '0.20250616.4188+ref.2dec694', '0.20250616.4188_ref.2dec694'],
    ['104.1.1_up57.0.1', tag(), '104.1.1+up57.0.3', '104.1.1_up57.0.3'],
    ['104.1.1_up57.0.3', tag(), '104.1.1+up57.0.3', 'unchanged'],
    ['', chart, '+0', '+0'],
    ['main', chart, 'main+3', 'main+3'],
  ])('%s, place %#, reported %s: %s', (found, where, version, expected) => {
    expect(written(found, where, { version })).toBe(expected);
  });

  it('a digest that is not in the version proves nothing (DisableChartDigestTracking)', () => {
    expect(written('v1.18.2', tag(), { version: '1.19.1', ociDigest: digest })).toBe('1.19.1');
  });
});

describe('the metadata that source-controller puts there is undone where the manifest has none', () => {
  it.each([
    ['6.6.0', '6.6.0+3', 'unchanged'],
    ['6.6.0', '6.7.0+4', '6.7.0'],
    ['v6.6.0', '6.6.0+3', 'unchanged'],
    ['v6.6.0', '6.7.0+4', 'v6.7.0'],
    ['6.6.0+1', '6.7.0+4', '6.7.0+4'],
    ['6.6.0', '6.7.0+0cc9a8446c95', '6.7.0'],
    ['6.6.0', '6.7.0+0cc9a8446c95.12', '6.7.0'],
    ['6.6.0+0cc9a8446c00', '6.7.0+0cc9a8446c95', '6.7.0+0cc9a8446c95'],
    ['6.6.0', '6.7.0+build.4', '6.7.0+build.4'],
  ])('%s, reported %s: %s', (found, version, expected) => {
    expect(written(found, chart, { version })).toBe(expected);
  });
});

describe('metadata that Flux lost', () => {
  it('is a warning where another version is written', () => {
    expect(written('104.1.1_up57.0.1', tag(), fromOci('104.1.2'))).toBe('104.1.2');
    expect(warnings('104.1.1_up57.0.1', tag(), fromOci('104.1.2'))).toEqual([
      expect.stringMatching(/build metadata.*104\.1\.2/),
    ]);
  });

  it('leaves the same version as it is, with a warning', () => {
    expect(written('104.1.1_up57.0.1', tag(), fromOci('104.1.1'))).toBe('unchanged');
    expect(warnings('104.1.1_up57.0.1', tag(), fromOci('104.1.1'))).toHaveLength(1);
  });
});

describe('a digest', () => {
  const old = `sha256:${'d'.repeat(64)}`;

  it('beside the tag of an OCIRepository is set with it, and the reviewer is told which repository must have it', () => {
    const ruling = versionToWrite('0.16.2', tag({ tag: '0.16.2', digest: old }), fromOci('0.17.0'));
    expect(ruling).toEqual({
      action: 'write',
      value: '0.17.0',
      digest,
      warnings: [expect.stringContaining('oci://registry.example.com/charts/app must have it')],
    });
  });

  it('is set also where the tag is right already', () => {
    expect(versionToWrite('0.17.0', tag({ digest: old }), fromOci('0.17.0'))).toMatchObject({
      action: 'write',
      digest,
    });
    expect(versionToWrite('0.17.0', tag({ digest }), fromOci('0.17.0'))).toMatchObject({
      action: 'unchanged',
    });
  });

  it('beside a tag is a refusal where the event knows none', () => {
    expect(written('0.16.2', tag({ digest: old }), { version: '0.17.0' })).toBe('refused');
  });

  it("beside a tag is a refusal where it is another artifact's", () => {
    const values = place('HelmRelease', 'spec.values.image.tag', { digest: old });
    expect(written('0.16.2', values, fromOci('0.17.0'))).toBe('refused');
  });

  it('that is empty does not count', () => {
    const values = place('HelmRelease', 'spec.values.image.tag', { digest: '' });
    expect(written('0.16.2', values, { version: '0.17.0' })).toBe('0.17.0');
  });

  it('that is marked itself is set in an OCIRepository alone', () => {
    const marked = place('OCIRepository', 'spec.ref.digest', { digest: old });
    expect(written(old, marked, fromOci('0.17.0'))).toBe(digest);
    expect(written(old, marked, { version: '0.17.0' })).toBe('refused');
  });
});

describe('what wins over the marked value is a refusal that says what to do', () => {
  it.each([
    ['semver beside the tag', '1.0.0', tag({ semver: '>=1.0.0' }), /remove semver/],
    ['a digest in the reference', `host/app:1.0.0@${digest}`, image, /remove the digest/],
    ['a reference without a tag', 'registry.example.com/team/app', image, /without a tag/],
    ['an encrypted value', 'ENC[AES256_GCM,data:x]', chart, /SOPS/],
    ['apiVersion', 'v1', place('ConfigMap', 'apiVersion'), /apiVersion/],
    ['kind', 'HelmRelease', place('HelmRelease', 'kind'), /kind/],
  ])('%s', (_, found, where, because) => {
    expect(versionToWrite(found, where, { version: '1.1.0' })).toEqual({
      action: 'refused',
      because: expect.stringMatching(because) as string,
    });
  });
});

describe('of a whole reference only the tag changes', () => {
  it.each([
    ['registry.example.com/team/app:6.0.0', '6.1.0', 'registry.example.com/team/app:6.1.0'],
    ['host:5000/team/app:6.0.0', '6.1.0', 'host:5000/team/app:6.1.0'],
    ['oci://registry.example.com/charts/app:6.0.0', '6.1.0', 'oci://registry.example.com/charts/app:6.1.0'],
    ['nginx:1.27', '1.28', 'nginx:1.28'],
    ['host/app:6.0.0', '6.1.0+up1', 'host/app:6.1.0_up1'],
    ['host/app:6.1.0', '6.1.0', 'unchanged'],
  ])('%s, reported %s: %s', (found, version, expected) => {
    expect(written(found, image, { version })).toBe(expected);
  });

  it.each(['1:30:00', '12:30', '${version:=1.2.3}', 'main@sha1:0c1d'])('%s is none', (found) => {
    expect(written(found, image, { version: '1.1.0' })).toBe('1.1.0');
  });
});

describe('a constraint is pinned, with a warning', () => {
  it.each(['1.x', '>=1.0', '^1.2.0', '~1.2', '1.2.0 - 2.0.0', '>=1.0.0 <2.0.0', '*', '1.2'])(
    '%s',
    (found) => {
      expect(written(found, chart, { version: '1.3.0' })).toBe('1.3.0');
      expect(warnings(found, chart, { version: '1.3.0' })).toEqual([
        expect.stringContaining(`constraint ${found} `),
      ]);
    },
  );

  it.each([
    ['1.2.3', chart],
    ['1.2', tag()],
    ['latest', tag()],
    ['next', chart],
  ])('%s is none', (found, where) => {
    expect(warnings(found, where, { version: '1.3.0' })).toEqual([]);
  });
});
