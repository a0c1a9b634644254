import { compareVersions, jumpBetween } from '../../../../src/domain/version/compare-versions';

describe('the order of versions', () => {
  it.each([
    ['1.2.3', '1.2.4'],
    ['1.9.0', '1.10.0'],
    ['1.2.3-rc.1', '1.2.3'],
    ['1.2.3-rc.2', '1.2.3-rc.10'],
    ['v1.2.3', '1.3.0'],
    ['1.2.3+build.9', '1.2.4+build.1'],
    ['0.0.0-9f3a1b2', '0.0.1-1a2b3c4'],
    ['1.2.3-20250601.9f3a1b2', '1.2.3-20250602.1a2b3c4'],
    ['1.2.3-20250601', '1.2.3-20250602'],
  ])('%s comes before %s', (lower, higher) => {
    expect(compareVersions(lower, higher)).toBeLessThan(0);
    expect(compareVersions(higher, lower)).toBeGreaterThan(0);
  });

  it('finds equal what is written alike, semver or not', () => {
    expect(compareVersions('1.2.3', '1.2.3')).toBe(0);
    expect(compareVersions('main@sha1:abc', 'main@sha1:abc')).toBe(0);
  });

  it.each([
    ['1.2.3+a', '1.2.3+b'],
    ['v1.2.3', '1.2.3'],
    ['latest', '1.2.3'],
    ['1.2.3', '20261123'],
    [`1.2.3-${'x'.repeat(300)}`, '1.2.3'],
    ['0.0.0-9f3a1b2', '0.0.0-1a2b3c4'],
    ['1.2.3-main.g9f3a1b2', '1.2.3-main.g1a2b3c4'],
    ['0.0.0-9f3a1b2', '0.0.0-1234567'],
  ])('has no answer for %s and %s', (a, b) => {
    expect(compareVersions(a, b)).toBeUndefined();
  });
});

describe('the jump that a reviewer reads', () => {
  it.each([
    ['1.2.3', '2.0.0', 'major'],
    ['1.2.3', '2.0.0-rc.1', 'major'],
    ['1.2.3', '1.3.0', 'minor'],
    ['1.2.3', '1.2.4', 'patch'],
    ['1.2.3', '1.2.4-rc.1', 'patch'],
    ['1.2.3-rc.1', '1.2.3-rc.2', 'prerelease'],
    ['2.0.0-rc.1', '2.0.0', 'prerelease'],
    ['2.0.0-rc.1', '2.1.0', 'minor'],
    ['v1.2.3', 'v1.3.0', 'minor'],
    ['1.3.0', '1.2.3', 'downgrade'],
    ['1.2.3', '1.2.3-rc.1', 'downgrade'],
    ['1.2.3', '1.2.3', 'none'],
    ['1.2.3+a', '1.2.3+b', 'unknown'],
    ['latest', '1.2.3', 'unknown'],
    ['0.0.0-9f3a1b2', '0.0.0-1a2b3c4', 'unknown'],
  ])('from %s to %s is %s', (from, to, jump) => {
    expect(jumpBetween(from, to)).toBe(jump);
  });
});
