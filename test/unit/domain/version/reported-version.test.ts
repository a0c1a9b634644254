import { readReportedVersion } from '../../../../src/domain/version/reported-version';

describe("the chart's version in a revision", () => {
  const digest = 'sha256:8f1f4a3f0c1dd0d11c4ab0e5ac5e4f1bdb0e5ac5e4f1bdb0e5ac5e4f1bdb0e5a';

  it.each([
    ['1.2.3', undefined, '1.2.3'],
    ['1.2.3+8f1f4a3f0c1d', digest, '1.2.3'],
    ['1.2.3-rc.1+8f1f4a3f0c1d', digest, '1.2.3-rc.1'],
    ['1.2.3+8f1f4a3f0c1d', undefined, '1.2.3+8f1f4a3f0c1d'],
    ['1.2.3+8f1f4a3f0c1d', 'sha256:0000000000000000', '1.2.3+8f1f4a3f0c1d'],
    ['1.2.3+8f1f4a3f0c1d0', digest, '1.2.3+8f1f4a3f0c1d0'],
    ['1.2.3+8f1f4a3f0c1', digest, '1.2.3+8f1f4a3f0c1'],
    ['1.2.3+build.5', digest, '1.2.3+build.5'],
    ['1.2.3+4', undefined, '1.2.3+4'],
    ['1.2.3+', 'sha256:', '1.2.3+'],
    [`1.2.3@${digest}`, undefined, '1.2.3'],
    [`1.2.3+build.5@${digest}`, undefined, '1.2.3+build.5'],
    ['1.2.3@sha256:8f1f4a3f0c1d', undefined, '1.2.3'],
    ['1.2.3+8f1f4a3f0c1d', { not: 'a text' }, '1.2.3+8f1f4a3f0c1d'],
  ])('%s with digest %s is %s', (revision, ociDigest, version) => {
    expect(readReportedVersion(revision, ociDigest).version).toBe(version);
  });
});

describe('what is kept of a report besides the version', () => {
  const digest = `sha256:85ea00130562${'0'.repeat(52)}`;

  it('is the revision, where Flux put its digits there', () => {
    expect(readReportedVersion('1.2.3+85ea00130562', digest)).toEqual({
      version: '1.2.3',
      revision: '1.2.3+85ea00130562',
      ociDigest: digest,
    });
  });

  it('is the digest alone where Flux left the version as it was', () => {
    expect(readReportedVersion('1.2.3', digest)).toEqual({ version: '1.2.3', ociDigest: digest });
  });

  it('is the digest without the tag that helm-controller puts before it', () => {
    expect(readReportedVersion('1.2.3+85ea00130562', `latest@${digest}`)).toEqual({
      version: '1.2.3',
      revision: '1.2.3+85ea00130562',
      ociDigest: digest,
    });
  });

  it.each(['sha256:85ea', 'md5:85ea00130562', `${digest}0`, 7, null, undefined])(
    'is no digest that is not one: %j',
    (ociDigest) => {
      expect(readReportedVersion('1.2.3', ociDigest)).toEqual({ version: '1.2.3' });
    },
  );
});
