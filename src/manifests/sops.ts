/**
 * What SOPS (https://getsops.io/docs/) makes of an edit to a file that it has encrypted in part: its MAC covers the plain
 * values too, unless `mac_only_encrypted` is set. `sops` then refuses the file, while Flux does not check the MAC by
 * default (kustomize-controller, `--sops-ignore-mac`).
 * @returns a sentence for the reviewer; undefined where nothing is wrong
 */
export function sopsWarning(text: string): string | undefined {
  const metadata = /^sops:[ \t]*\r?\n((?:[ \t]+.*(?:\r?\n|$)|[ \t]*\r?\n)*)/m.exec(text)?.[1];
  if (metadata === undefined || !/^[ \t]+mac:/m.test(metadata)) return undefined;
  if (/^[ \t]+mac_only_encrypted:[ \t]*true\b/m.test(metadata)) return undefined;
  return 'The file is encrypted by SOPS, and its MAC covers the version: run `sops rotate --in-place` on it, or encrypt it with mac_only_encrypted: true.';
}
