import { type z } from 'zod';
import { type ValueKind } from './value-kinds';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The commands that have settings; `dev` runs both in one process. */
export type Service = 'api' | 'worker';

/**
 * One setting of the program. It defines the flag, its environment variable and its help, the validation of its value,
 * its place in `Config`, its row in the documentation and, with `chart`, the chart's value, that value's schema and the
 * flag that the chart passes.
 */
export interface Setting {
  /** Without the dashes. */
  readonly flag: string;
  readonly kind: ValueKind;
  /** As text. Absent: the value can be undefined. If it depends on the environment, the description contains it. */
  readonly default?: string | ((env: Environment) => string);
  readonly description: string;
  /** Where it has an effect. Every service accepts every setting, so that all services can use the same variables. */
  readonly readBy: readonly Service[];
  /** Its place in `Config`, such as `webhook.rateLimit.value`. Absent: `readConfig` converts it. */
  readonly config?: string;
  /** For a flag that is accepted for compatibility only: the log message after the flag's name if it is on. */
  readonly warning?: string;
  readonly chart?: ChartValue;
}

export interface ChartValue {
  /** Its place in values.yaml, such as `promotion.retry.delay`. */
  readonly value: string;
  /** The value in values.yaml, if it is not the flag's default. */
  readonly default?: string;
  /** The text for the page of values, if the setting's description is not enough; Markdown. */
  readonly meaning?: string;
  /** The named template that converts the value to the flag's text, if it is not passed unchanged. */
  readonly template?: string;
}

export type Registry = Readonly<Record<string, Setting>>;

export type ValueOf<Entry extends Setting> =
  z.output<Entry['kind']['parser']> | (Entry extends { readonly default: unknown } ? never : undefined);

/** `--log-level` is also `WINDLASS_LOG_LEVEL`. */
export function environmentVariable({ flag }: Pick<Setting, 'flag'>): string {
  return `WINDLASS_${flag.toUpperCase().replaceAll('-', '_')}`;
}
