import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type BindAddress } from '../http/serving/bind-address';
import { type RetrySettings } from '../domain/retry';
import { ConfigurationError } from './configuration-error';
import { choosePipelineSource, type PipelineSource, pipelineSourceFaults } from './pipeline-source';
import { type Setting, type SettingName, environmentVariable, settings } from './settings';
import * as value from './setting-values';

const logLevels = ['trace', 'debug', 'info', 'warn', 'error'] as const;
const logEncodings = ['json', 'console'] as const;

/** All that an operator may choose, checked once. Durations are in milliseconds. */
export interface Config {
  readonly webhook: {
    readonly bind: BindAddress;
    readonly rateLimit: { readonly value: number; readonly intervalMs: number };
    readonly maxBodyBytes: number;
    readonly eventMaxAgeMs: number;
    readonly allowUnsigned: boolean;
    readonly trustedProxies: readonly string[];
  };
  /** Absent: turned off. */
  readonly health: BindAddress | undefined;
  readonly metrics: BindAddress | undefined;
  readonly retry: RetrySettings;
  readonly eventsAddress: string | undefined;
  readonly pipelines: PipelineSource;
  readonly dataDir: string;
  readonly outbound: { readonly allowedHosts: readonly string[]; readonly allowPlainHttp: boolean };
  readonly temporalUiUrl: string | undefined;
  readonly log: {
    readonly level: (typeof logLevels)[number];
    readonly encoding: (typeof logEncodings)[number];
  };
  /** What was taken but has no effect, in sentences for the log. */
  readonly warnings: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What the command line says: a setting's text, or true for a flag without a value. */
export type Flags = Readonly<Partial<Record<SettingName, string | boolean>>>;

const oneOf = <T extends string>(allowed: readonly [T, ...T[]]) =>
  z.enum(allowed, { error: `it must be one of ${allowed.join(', ')}` });

const schema = z.object({
  hookBindAddress: value.bindAddress,
  hookRateLimit: value.count,
  hookRateLimitInterval: value.seconds,
  retryDelay: value.seconds,
  retryMaxDelay: value.seconds,
  retryThreshold: value.count,
  eventsAddr: value.httpUrl.optional(),
  healthBindAddress: value.optionalBindAddress,
  metricsBindAddress: value.optionalBindAddress,
  logLevel: oneOf(logLevels),
  logEncoding: oneOf(logEncodings),
  leaderElect: value.boolean,
  levelTriggered: value.boolean,
  pipelinesDir: z.string().refine(isDirectory, { error: 'there is no such directory' }).optional(),
  kubeconfig: z.string().refine(existsSync, { error: 'there is no such file' }).optional(),
  watchNamespaces: value.namespaces,
  trustedProxies: value.proxyAddresses,
  hookMaxBody: value.count.refine((bytes) => bytes > 0, { error: 'it must be above 0' }),
  eventMaxAge: value.goDuration,
  allowUnsigned: value.boolean,
  allowedHosts: value.hosts,
  allowPlainHttp: value.boolean,
  temporalUiUrl: value.httpUrl.optional(),
  dataDir: z.string(),
} satisfies Record<SettingName, z.ZodType>);

/**
 * Reads the configuration: the command line first, then `WINDLASS_…` variables (an empty one counts as absent), then
 * the defaults.
 * @param otherFaults found elsewhere, to be reported together with those found here
 * @throws ConfigurationError that names every fault
 */
export function readConfig(flags: Flags, env: Environment, otherFaults: readonly string[] = []): Config {
  const given = Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => [name, give(name as SettingName, setting, flags, env)]),
  );
  const texts = Object.fromEntries(Object.entries(given).map(([name, { text }]) => [name, text]));
  const result = schema.safeParse({ ...texts, dataDir: texts['dataDir'] ?? defaultDataDir(env) });
  const settingFaults = (result.error?.issues ?? []).map(({ path, message }) => {
    const { origin, text } = given[String(path[0])] ?? { origin: 'configuration', text: undefined };
    return `${origin}${text === undefined ? '' : ` is ${quoted(text)}`}: ${message}.`;
  });
  const faults = [...otherFaults, ...settingFaults, ...pipelineSourceFaults(texts, env)];
  if (faults.length > 0 || !result.success) throw new ConfigurationError(faults);
  return arrange(result.data, env);
}

interface Given {
  readonly text: string | undefined;
  /** What the operator has to change. */
  readonly origin: string;
}

function give(name: SettingName, setting: Setting, flags: Flags, env: Environment): Given {
  const flag = flags[name];
  if (flag !== undefined) return { text: String(flag), origin: `--${setting.flag}` };
  const variable = environmentVariable(setting);
  const fromEnvironment = env[variable];
  if (fromEnvironment) return { text: fromEnvironment, origin: variable };
  return { text: setting.default, origin: `--${setting.flag}` };
}

/** More attempts would not fit into one workflow's history: each takes about ten of its 51,200 events. */
const longestThreshold = 1_000;

/** Where the original was lenient, so is this: zeros stand for the smallest value that makes sense. */
function arrange(data: z.infer<typeof schema>, env: Environment): Config {
  // Temporal takes no wait below one millisecond, and no longest wait below the first one.
  const maxDelayMs = Math.max(data.retryMaxDelay, 1);
  return {
    webhook: {
      bind: data.hookBindAddress,
      rateLimit: {
        value: Math.max(data.hookRateLimit, 1),
        intervalMs: Math.max(data.hookRateLimitInterval, 1_000),
      },
      maxBodyBytes: data.hookMaxBody,
      eventMaxAgeMs: data.eventMaxAge,
      allowUnsigned: data.allowUnsigned,
      trustedProxies: data.trustedProxies,
    },
    health: data.healthBindAddress,
    metrics: data.metricsBindAddress,
    retry: {
      delayMs: Math.min(Math.max(data.retryDelay, 1), maxDelayMs),
      maxDelayMs,
      threshold: Math.min(Math.max(data.retryThreshold, 1), longestThreshold),
    },
    eventsAddress: data.eventsAddr,
    pipelines: choosePipelineSource(data, env),
    dataDir: resolve(data.dataDir),
    outbound: { allowedHosts: data.allowedHosts, allowPlainHttp: data.allowPlainHttp },
    temporalUiUrl: data.temporalUiUrl,
    log: { level: data.logLevel, encoding: data.logEncoding },
    warnings: [
      ...(data.leaderElect
        ? ['--leader-elect has no effect: Temporal lets several workers share the work.']
        : []),
      ...(data.retryThreshold > longestThreshold
        ? [`--promotion-retry-threshold counts as ${longestThreshold}, the most that there is.`]
        : []),
      ...(data.levelTriggered
        ? ['--enable-level-triggered has no effect yet: promotions start from events alone.']
        : []),
    ],
  };
}

/** A URL that was refused for its credentials must not carry them into the log. */
function quoted(text: string): string {
  return JSON.stringify(text.replace(/\/\/[^/]*@/g, '//…@'));
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** `$XDG_DATA_HOME/windlass`, by default `~/.local/share/windlass` (XDG Base Directory Specification). */
function defaultDataDir(env: Environment): string {
  return join(env['XDG_DATA_HOME'] || join(env['HOME'] || homedir(), '.local/share'), 'windlass');
}
