import { type z } from 'zod';
import { type ValueKind } from './value-kinds';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The commands that settings are for; `dev` is both in one process. */
export type Service = 'api' | 'worker';

/**
 * One setting of the program. The flag, its environment variable and its help, the check of its value, its place in
 * `Config`, its row in the documentation and, with `chart`, the chart's value, that value's schema and the flag that the
 * chart passes all come from here.
 */
export interface Setting {
  /** Without the dashes. */
  readonly flag: string;
  readonly kind: ValueKind;
  /** As text. Absent: the value may be undefined. Where it depends on the environment, the description names it. */
  readonly default?: string | ((env: Environment) => string);
  readonly description: string;
  /** Where it has an effect. Every service takes every setting, so that one set of variables serves all. */
  readonly readBy: readonly Service[];
  /** Its place in `Config`, such as `webhook.rateLimit.value`. Absent: `readConfig` makes something else of it. */
  readonly config?: string;
  /** For a flag that is taken for compatibility only: what the log says after the flag's name when it is on. */
  readonly warning?: string;
  readonly chart?: ChartValue;
}

export interface ChartValue {
  /** Its place in values.yaml, such as `promotion.retry.delay`. */
  readonly value: string;
  /** What values.yaml says where that is not the flag's default. */
  readonly default?: string;
  /** What the page of values says where the setting's description is not enough; Markdown. */
  readonly meaning?: string;
  /** The named template that makes the flag's text of the value, where it is not passed on as it is. */
  readonly template?: string;
}

export type Registry = Readonly<Record<string, Setting>>;

export type ValueOf<Entry extends Setting> =
  z.output<Entry['kind']['parser']> | (Entry extends { readonly default: unknown } ? never : undefined);

/** `--log-level` is also `WINDLASS_LOG_LEVEL`. */
export function environmentVariable({ flag }: Pick<Setting, 'flag'>): string {
  return `WINDLASS_${flag.toUpperCase().replaceAll('-', '_')}`;
}
