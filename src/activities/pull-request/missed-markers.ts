/** What to make of markers that do not count: a failure, where half a promotion would come of it, or a warning. */
import path from 'node:path/posix';
import { type UnreadFiles } from '../../git/repository';
import { type MarkerMiss } from '../../manifests/marker-misses';

export interface FileMiss extends MarkerMiss {
  readonly path: string;
}

/** Listed in a message; a repository may have hundreds. */
const listedMisses = 10;

/**
 * Misses that name exactly this environment, in files of the same application: half of its versions would be set. A file
 * elsewhere may be another team's, which must not block this one.
 * @param marked paths of the files with markers that count
 */
export function blockingMisses(misses: readonly FileMiss[], marked: readonly string[]): FileMiss[] {
  return misses.filter((miss) => miss.exact && marked.some((file) => areOfOneApplication(miss.path, file)));
}

/** One file's directory is, or contains, the other's; the repository's root belongs to no application alone. */
function areOfOneApplication(a: string, b: string): boolean {
  const [one, other] = [path.dirname(a), path.dirname(b)];
  const contains = (outer: string, inner: string): boolean =>
    outer !== '.' && `${inner}/`.startsWith(`${outer}/`);
  return one === other || contains(one, other) || contains(other, one);
}

/** `apps/prod/release.yaml:9: The marker ...`, separated by spaces. */
export function describeMisses(misses: readonly FileMiss[]): string {
  const listed = misses
    .slice(0, listedMisses)
    .map(({ path: file, line, reason }) => `${shownPath(file)}:${line}: ${reason}.`);
  const more = misses.length > listedMisses ? [`And ${misses.length - listedMisses} more.`] : [];
  return [...listed, ...more].join(' ');
}

/** Sentences about files that are not read and may hold the marker. */
export function describeUnread({ otherNames, lfsPointers, symbolicLinks }: UnreadFiles): string[] {
  return [
    ...(otherNames.length === 0
      ? []
      : [`Only *.yaml and *.yml files are read: rename ${otherNames.map(shownPath).join(', ')}.`]),
    ...(lfsPointers.length === 0
      ? []
      : [
          `The content of ${lfsPointers.map(shownPath).join(', ')} is in Git LFS, which is not read: take manifests out of LFS.`,
        ]),
    ...(symbolicLinks.length === 0
      ? []
      : [
          `Symbolic links are not followed: ${symbolicLinks.map(shownPath).join(', ')}. Put the marker into a file of this repository.`,
        ]),
  ];
}

/** A name may hold anything: line breaks and control characters must not reach a terminal or a log. */
function shownPath(file: string): string {
  return file.replace(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
