/**
 * Comments that were probably meant as the marker of an environment and do not count. They are found line by line, in
 * text that need not even be YAML, so that a user who waits for a promotion learns which line to fix.
 */
import leven from 'leven';
import { type Marker, markerValue } from './marker';

export interface MarkerMiss {
  /** 1-based. */
  readonly line: number;
  /** Why it does not count, and what to do: a sentence without its full stop. */
  readonly reason: string;
  /**
   * Whether it names exactly this environment of this pipeline, outside of a line that is commented out: a user expects
   * this version to be set.
   */
  readonly exact: boolean;
}

/** `"$promotion": "a:b:c"` in whatever quotes, with or without its dollar sign. */
const assignment = /(["']?)(\$?)promotion\1[ \t]*:[ \t]*(["'])([^"'\n]*)\3/gi;
const form = '# {"$promotion": "<namespace>:<pipeline>:<environment>"}';

/** At most this many characters of the environment's name may differ in a misspelt marker. */
const misspeltCharacters = 2;

/**
 * @param counted lines whose marker counts
 * @param inStrings lines whose marker is part of a string, as a parser found out
 */
export function findMisses(
  text: string,
  marker: Marker,
  counted: ReadonlySet<number>,
  inStrings: ReadonlySet<number>,
): MarkerMiss[] {
  const misses: MarkerMiss[] = [];
  let line = 0;
  for (const content of text.split('\n')) {
    line += 1;
    if (counted.has(line) || !content.toLowerCase().includes('promotion')) continue;
    const miss = missOf(content, marker, inStrings.has(line));
    if (miss !== undefined) misses.push({ line, ...miss });
  }
  return misses;
}

function missOf(content: string, marker: Marker, isInString: boolean): Omit<MarkerMiss, 'line'> | undefined {
  for (const [, , dollar, , named = ''] of content.matchAll(assignment)) {
    const relation = relationOf(named, marker);
    if (relation === undefined) continue;
    if (isCommentedOut(content)) {
      return {
        exact: false,
        reason: 'The marker is in a line that is commented out: remove it, or the comment sign',
      };
    }
    const exact = relation === 'same' || relation === 'suffix';
    return {
      exact,
      reason: reasonOf(relation, named, marker, {
        isInString: isInString && !isInComment(content),
        hasDollar: dollar === '$',
      }),
    };
  }
  return undefined;
}

type Relation = 'same' | 'suffix' | 'misspelt';

function relationOf(named: string, marker: Marker): Relation | undefined {
  const wanted = markerValue(marker);
  if (named === wanted) return 'same';
  if (named.startsWith(`${wanted}:`)) return 'suffix';
  if (named.trim().toLowerCase() === wanted.toLowerCase()) return 'misspelt';
  const [namespace, pipeline, environment, ...rest] = named.split(':');
  const isSamePipeline =
    namespace === marker.namespace &&
    pipeline === marker.pipeline &&
    environment !== undefined &&
    rest.length === 0;
  // `dev` and `dev2` are two environments; `prd` is a typing error.
  const isClose =
    isSamePipeline && !/\d/.test(environment) && leven(environment, marker.environment) <= misspeltCharacters;
  return isClose ? 'misspelt' : undefined;
}

/** A comment as a whole, in which the marker is the comment of something else. Takes linear time. */
function isCommentedOut(content: string): boolean {
  const line = content.trimStart().toLowerCase();
  if (!line.startsWith('#')) return false;
  const inner = line.lastIndexOf('#', line.lastIndexOf('promotion'));
  return line.slice(1, Math.max(1, inner)).trim() !== '' || /^#\s*(?:-\s*)?[\w.-]+:\s/.test(line);
}

/** A parser sees no comment there either: it is a part of the one before it. Takes linear time. */
function isInComment(content: string): boolean {
  const first = /(?:^|\s)#/.exec(content);
  return first !== null && /\s#+[ \t]*\{/.test(content.slice(first.index + first[0].length));
}

function reasonOf(
  relation: Relation,
  named: string,
  marker: Marker,
  { isInString, hasDollar }: { readonly isInString: boolean; readonly hasDollar: boolean },
): string {
  const quoted = JSON.stringify(named);
  if (relation === 'suffix') {
    return `The marker ${quoted} has a suffix, which belongs to other tools: write "${markerValue(marker)}"`;
  }
  if (relation === 'misspelt') {
    return `The marker ${quoted} names another environment: did you mean "${markerValue(marker)}"?`;
  }
  if (!hasDollar) return `The marker lacks the dollar sign of "$promotion": write ${form}`;
  if (isInString) {
    return 'The marker is inside a string or a block scalar, such as an inline patch, where no value can be set: write the patch as YAML, or move the version into a file of its own';
  }
  return `The marker is not alone in its comment: write nothing but ${form} there`;
}
