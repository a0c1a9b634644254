import { redactAddress, redactUrlCredentials } from '../domain/network/redact';
import { type Environment, environmentVariable, type Registry, type Setting, type ValueOf } from './setting';

/** The command line: a setting's text, or true for a flag without a value. */
export type FlagsOf<Settings extends Registry> = Readonly<
  Partial<Record<keyof Settings & string, string | boolean>>
>;

export type ValuesOf<Settings extends Registry> = {
  readonly [Name in keyof Settings]: ValueOf<Settings[Name]>;
};

export interface SettingsRead<Settings extends Registry> {
  /** The given text of each setting, or its default. */
  readonly texts: Readonly<Partial<Record<keyof Settings & string, string | undefined>>>;
  /** In sentences. */
  readonly faults: readonly string[];
  /** Undefined if there are errors. */
  readonly values: ValuesOf<Settings> | undefined;
}

/**
 * Reads every setting: from the command line first, then from its `WINDLASS_…` variable (an empty one counts as
 * absent), then its default.
 */
export function readSettings<Settings extends Registry>(
  settings: Settings,
  flags: FlagsOf<Settings>,
  env: Environment,
): SettingsRead<Settings> {
  const read = Object.entries(settings).map(([name, setting]) => {
    const given = give(setting, flags[name], env);
    return { name, ...given, ...parse(setting, given) };
  });
  const faults = read.flatMap((one) => one.faults);
  const byName = (part: 'text' | 'value') => Object.fromEntries(read.map((one) => [one.name, one[part]]));
  return {
    texts: byName('text') as SettingsRead<Settings>['texts'],
    faults,
    values: faults.length > 0 ? undefined : (byName('value') as ValuesOf<Settings>),
  };
}

interface Given {
  readonly text: string | undefined;
  /** What the operator has to change. */
  readonly origin: string;
}

function give(setting: Setting, flag: string | boolean | undefined, env: Environment): Given {
  const origin = `--${setting.flag}`;
  if (flag !== undefined) return { text: String(flag), origin };
  const variable = environmentVariable(setting);
  const fromEnvironment = env[variable];
  if (fromEnvironment) return { text: fromEnvironment, origin: variable };
  return { text: typeof setting.default === 'function' ? setting.default(env) : setting.default, origin };
}

function parse({ kind }: Setting, { text, origin }: Given): { value?: unknown; faults: readonly string[] } {
  if (text === undefined) return { faults: [] };
  const { data, error } = kind.parser.safeParse(text);
  const faults = (error?.issues ?? []).map(
    ({ message }) => `${origin} is ${quoted(text, kind)}: ${message}.`,
  );
  return { value: data, faults };
}

/** A URL that was refused for its credentials must not carry them into the log. */
function quoted(text: string, { argument }: Setting['kind']): string {
  const isAddress = /^(url|address|addresses|hosts)$/.test(argument);
  return JSON.stringify(isAddress ? redactAddress(text) : redactUrlCredentials(text));
}
