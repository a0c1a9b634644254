import { type ValuesOf } from './read-settings';
import { type Registry, type ValueOf } from './setting';

/** The values of all settings that have a place in the configuration, nested by `config`. */
export type Placed<Settings extends Registry> = All<
  {
    [Name in keyof Settings]: Settings[Name] extends { readonly config: infer Path extends string }
      ? At<Path, ValueOf<Settings[Name]>>
      : never;
  }[keyof Settings]
>;

/** A number at `rateLimit.value` is `{ rateLimit: { value: number } }`. */
type At<Path extends string, Value> = Path extends `${infer Head}.${infer Rest}`
  ? { readonly [Key in Head]: At<Rest, Value> }
  : { readonly [Key in Path]: Value };

/** The intersection of a union's members. */
type All<Union> = (Union extends unknown ? (member: Union) => void : never) extends (all: infer Every) => void
  ? Every
  : never;

/** Puts every value at its setting's `config`. */
export function placeValues<Settings extends Registry>(
  settings: Settings,
  values: ValuesOf<Settings>,
): Placed<Settings> {
  const placed: Branch = {};
  for (const [name, { config }] of Object.entries(settings)) {
    if (config !== undefined) setAt(placed, config.split('.'), values[name]);
  }
  return placed as Placed<Settings>;
}

interface Branch {
  [key: string]: unknown;
}

function setAt(branch: Branch, [head = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) branch[head] = value;
  else setAt((branch[head] ??= {}) as Branch, rest, value);
}
