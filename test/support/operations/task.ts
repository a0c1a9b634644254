import { eventually } from '../eventually';
import { openPullRequests } from '../lane-outcomes';
import { type Operators, type Person, type Printed } from './operators';

/** A row of the table of tasks. */
export interface Task {
  readonly name: string;
  readonly commands: readonly string[];
  readonly prints: string;
  readonly tests: readonly string[];
}

/** Runs the commands of a row, and expects what it says that they print. */
export type Scenario = (operators: Operators, task: Task) => Promise<void>;

/** Repeats a command that only reads until it prints this. */
export function shows(
  operators: Operators,
  person: Person,
  line: string,
  ...patterns: readonly (RegExp | string)[]
): Promise<Printed> {
  return eventually(async () => {
    const printed = await operators.as(person, line);
    expect([printed.code, printed.err]).toEqual([0, '']);
    for (const pattern of patterns) expect(printed.out).toMatch(pattern);
    return printed;
  });
}

/** Runs a command that is done. @returns what it prints */
export async function done(operators: Operators, person: Person, line: string): Promise<string> {
  const { code, out, err } = await operators.as(person, line);
  expect([code, err]).toEqual([0, '']);
  return out;
}

/** Runs a command of someone without the permission. */
export async function forbidden(
  operators: Operators,
  person: Person,
  line: string,
  permission: string,
): Promise<void> {
  const { code, out, err } = await operators.as(person, line);
  expect([code, out]).toEqual([3, '']);
  expect(err).toContain(`token:${person} does not have the permission "${permission}"`);
}

export function openTitles({ installation }: Operators): readonly string[] {
  return openPullRequests(installation).map(({ title }) => title);
}

/** Waits until there is one open pull request for an environment, with this version. */
export async function proposed(operators: Operators, environment: string, version: string): Promise<void> {
  await eventually(() => {
    const its = openTitles(operators).filter((title) => title.includes(` in ${environment} `));
    expect(its).toEqual([`Promote apps/shop in ${environment} to ${version}`]);
  });
}
