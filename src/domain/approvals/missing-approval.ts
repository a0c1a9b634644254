import { clipText } from '../names';

interface Shown {
  readonly gate: string;
  readonly excluded?: readonly string[] | undefined;
}

/** A promotion needs the approval of a person. It is in workflow histories: add fields as optional ones. */
export interface MissingApproval {
  /** People whose approval adds nothing. */
  readonly excluded?: readonly string[];
}

/**
 * Of all closed gates together: a person whom one of them excludes can still approve for another one.
 * @returns undefined: no closed gate needs an approval
 */
export function missingApproval(closed: readonly Shown[]): MissingApproval | undefined {
  const byGate = closed
    .filter(({ gate }) => gate === 'manual' || gate === 'approvals')
    .map(({ excluded = [] }) => excluded);
  const [first, ...others] = byGate;
  if (first === undefined) return undefined;
  const excluded = first.filter((name) => others.every((names) => names.includes(name)));
  return excluded.length === 0 ? {} : { excluded };
}

/** As many names as a lane keeps. */
const mostNames = 10;
const nameBytes = 256;

/** For a lane's state and memo, which have little room: whom it does not name can only try in vain. */
export function briefApproval({ excluded = [] }: MissingApproval, most = mostNames): MissingApproval {
  const names = excluded.slice(0, most).map((name) => clipText(name, nameBytes));
  return names.length === 0 ? {} : { excluded: names };
}
