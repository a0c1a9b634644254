import { type RetrySettings } from '../domain/retry';
import { accessFaults } from './access-settings';
import { ConfigurationError } from './configuration-error';
import { choosePipelineSource, type PipelineSource, pipelineSourceFaults } from './pipeline-source';
import { type Placed, placeValues } from './placed-values';
import { type FlagsOf, readSettings, type ValuesOf } from './read-settings';
import { type Environment, type Setting } from './setting';
import { settings } from './settings';

export type Flags = FlagsOf<typeof settings>;

type Values = ValuesOf<typeof settings>;

/**
 * The configuration of a service, validated once. A setting's value is at the path in its entry in `settings`.
 * Durations are in milliseconds.
 */
export type Config = Placed<typeof settings> & {
  readonly retry: RetrySettings;
  readonly pipelines: PipelineSource;
  /** Accepted settings without effect, in sentences for the log. */
  readonly warnings: readonly string[];
};

/**
 * Reads the configuration, see `readSettings`.
 * @param otherFaults errors found elsewhere, to be reported together with those found here
 * @throws ConfigurationError that contains every error
 */
export function readConfig(flags: Flags, env: Environment, otherFaults: readonly string[] = []): Config {
  const { texts, faults: settingFaults, values } = readSettings(settings, flags, env);
  const faults = [
    ...otherFaults,
    ...settingFaults,
    ...pipelineSourceFaults(texts, env),
    ...accessFaults(texts),
    ...noticeFaults(values),
  ];
  if (faults.length > 0 || values === undefined) throw new ConfigurationError(faults);
  return {
    ...placeValues(settings, values),
    retry: retryOf(values),
    pipelines: choosePipelineSource(values, env),
    warnings: warningsOf(values),
  };
}

function noticeFaults(values: Pick<Values, 'notices' | 'eventsAddr'> | undefined): string[] {
  return values?.notices === true && values.eventsAddr === undefined
    ? ['--notices: set --events-addr as well, the address of the notification-controller that sends them.']
    : [];
}

/** More attempts would not fit into one workflow's history: each takes about ten of its 51,200 events. */
const longestThreshold = 1_000;

/** As lenient as pipeline-controller: zero means the smallest possible value. */
function retryOf({ retryDelay, retryMaxDelay, retryThreshold }: Values): RetrySettings {
  // Temporal accepts no delay below one millisecond, and no maximum below the first delay.
  const maxDelayMs = Math.max(retryMaxDelay, 1);
  return {
    delayMs: Math.min(Math.max(retryDelay, 1), maxDelayMs),
    maxDelayMs,
    threshold: Math.min(Math.max(retryThreshold, 1), longestThreshold),
  };
}

function warningsOf(values: Values): string[] {
  const withoutEffect = Object.entries<Setting>(settings)
    .filter(([name, { warning }]) => warning !== undefined && values[name as keyof Values] === true)
    .map(([, { flag, warning = '' }]) => `--${flag} ${warning}`);
  const { flag } = settings.retryThreshold;
  return [
    ...withoutEffect,
    ...(values.retryThreshold > longestThreshold
      ? [`--${flag} counts as ${longestThreshold}, the maximum.`]
      : []),
  ];
}
