import { Schema } from 'yaml';

export type ScalarStyle = 'plain' | 'single-quoted' | 'double-quoted';

/** Plain in block and flow context alike, whatever comes next. */
const plainSafe = /^[A-Za-z0-9][A-Za-z0-9._+~/-]*(?::[A-Za-z0-9._+~/-]+)*$/;
/**
 * Go's YAML (go.yaml.in/yaml, resolve.go) takes all underscores out before it reads a number: an integer as
 * strconv.ParseInt(s, 0, 64) does, which takes `0X1F` and `0B1` too, or a float.
 */
const goNumber = /^(?:0[box][0-9a-f]+|\d+(?:\.\d*)?(?:e[-+]?\d+)?)$/i;
const printableAscii = /^[\x20-\x7e]*$/;
const schemas = [new Schema({ schema: 'yaml-1.1' }), new Schema({ schema: 'core' })];

/**
 * The scalar's source for a version: in the requested style if that reads back as the same string, otherwise in quotes.
 */
export function versionScalar(version: string, style: ScalarStyle): string {
  if (style === 'plain' && isPlainString(version)) return version;
  if (style === 'single-quoted' && printableAscii.test(version)) return `'${version.replaceAll("'", "''")}'`;
  return doubleQuoted(version);
}

/**
 * Whether YAML 1.1 (https://yaml.org/type/), YAML 1.2's core schema and Go's mixture of them all read the plain scalar
 * as a string, and not as a number, boolean, null or date.
 */
export function isPlainString(text: string): boolean {
  if (!plainSafe.test(text) || goNumber.test(text.replaceAll('_', ''))) return false;
  // A plain scalar gets the first tag whose test it passes, and is a string where it passes none.
  return schemas.every(({ tags }) => tags.every((tag) => !('test' in tag && tag.test.test(text))));
}

/** JSON's escapes are YAML's, except for astral characters: Go's YAML does not combine a pair of surrogates. */
function doubleQuoted(text: string): string {
  return JSON.stringify(text).replace(/[^\x20-\x7e]/gu, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
  });
}
