import { isOneLineChange } from '../../../demo/one-line-change';

const head = `diff --git a/app.yaml b/app.yaml
index 1..2 100644
--- a/app.yaml
+++ b/app.yaml
@@ -1,3 +1,3 @@
 kind: HelmRelease
`;

describe('the demo accepts a pull request', () => {
  it('that changes one version in one line', () => {
    expect(isOneLineChange(`${head}-version: 1.3.0 # mark\n+version: 1.4.0 # mark\n`, '1.3.0', '1.4.0')).toBe(
      true,
    );
  });

  it.each([
    ['changes nothing', ''],
    ['changes more than the version', `${head}-version: 1.3.0 # mark\n+version: 1.4.0\n`],
    ['gives another version', `${head}-version: 1.3.0\n+version: 1.5.0\n`],
    ['only adds', `${head}+version: 1.4.0\n`],
    ['only removes', `${head}-version: 1.3.0\n`],
    ['changes two lines', `${head}-a: 1.3.0\n-b: 1.3.0\n+a: 1.4.0\n+b: 1.4.0\n`],
    ['changes two files', `${head}-a: 1.3.0\n+a: 1.4.0\n`.repeat(2)],
    ['adds a line that looks like a head', `${head}-a: 1.3.0\n+a: 1.4.0\n+++ b\n`],
  ])('but none that %s', (_name, diff) => {
    expect(isOneLineChange(diff, '1.3.0', '1.4.0')).toBe(false);
  });
});
