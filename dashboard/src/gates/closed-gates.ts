/** Which gates hold a promotion, and who can open them: pure. */
import { type ClosedGate } from '../api/answers';
import { type paths } from '../api/schema';

type OverridePath = '/api/v1/pipelines/{namespace}/{name}/environments/{environment}/override';

/** The gates that a person can open for one promotion, by the API's document. */
export type OverridableGate = NonNullable<
  paths[OverridePath]['post']['requestBody']
>['content']['application/json']['gates'][number];

/** The state that a promotion shows while a gate is the first closed one: what stands for it where only the state is known. */
const shownAs: Readonly<Record<OverridableGate, string>> = {
  freeze: 'frozen',
  tests: 'waiting-for-tests',
  manual: 'waiting-for-approval',
  approvals: 'waiting-for-approval',
  dependsOn: 'waiting-for-dependency',
  soak: 'waiting-for-soak',
  windows: 'waiting-for-window',
};

const gateWords: Readonly<Record<OverridableGate, string>> = {
  freeze: 'Freezes',
  tests: 'Tests of the version',
  manual: 'Manual approval',
  approvals: 'Approvals',
  dependsOn: 'Versions of other Pipelines',
  soak: 'Soak time',
  windows: 'Windows',
};

/** In the order in which the gates are shown. */
const overridableGates = Object.keys(shownAs) as readonly OverridableGate[];

export function nameOfGate(gate: string): string {
  const known = overridableGates.find((each) => each === gate || shownAs[each] === gate);
  if (known !== undefined) return known === gate ? gateWords[known] : waitsFor(gate);
  return gate === 'suspend' || gate === 'suspended' ? 'Suspension' : waitsFor(gate);
}

function waitsFor(state: string): string {
  const words = state.replace(/^waiting-for-/, '').replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** @returns those that a person can open for one promotion */
export function openable(closed: readonly ClosedGate[]): readonly OverridableGate[] {
  const said = new Set(closed.map(({ gate }) => gate));
  return overridableGates.filter((gate) => said.has(gate) || said.has(shownAs[gate]));
}

export function isForPeople({ gate }: ClosedGate): boolean {
  return gate === 'manual' || gate === 'approvals' || gate === shownAs.approvals;
}

/**
 * Whether no approval of this person counts: they asked for the version, wrote commits of it, or have approved it. A gate that
 * excludes fewer people counts for those. Git providers name people without the prefix of an authenticator.
 */
export function isExcluded(person: string, closed: readonly ClosedGate[]): boolean {
  const gates = closed.filter(isForPeople);
  return (
    gates.length > 0 && gates.every(({ excluded = [] }) => excluded.some((each) => isSame(person, each)))
  );
}

function isSame(person: string, excluded: string): boolean {
  return (
    person === excluded || (person.endsWith(excluded) && /[:#/]$/.test(person.slice(0, -excluded.length)))
  );
}

interface GateParts {
  readonly brief: string;
  /** Empty: there is no more to know. */
  readonly next: string;
  /** What the command line does; where it is shown, buttons do the same. */
  readonly command: string;
}

/** The server says first what a gate waits for, and then what a person can do about it. */
export function partsOf(says: string): GateParts {
  const [brief = '', ...others] = says.split(/(?<=\.) /);
  const isCommand = (sentence: string): boolean => /\bwindlass [a-z]/.test(sentence);
  return {
    brief,
    next: others.filter((each) => !isCommand(each)).join(' '),
    command: others.filter(isCommand).join(' '),
  };
}
