import { type LogLevel, Runtime } from '@temporalio/worker';
import { type Logger } from 'pino';
import { type BindAddress, formatBindAddress } from '../../http/serving/bind-address';
import { temporalMetrics } from './temporal-metrics';

const levels = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
} as const satisfies Record<LogLevel, string>;

/**
 * Gives the SDK our log, and disables its signal handlers: worker and server must stop in a defined order.
 * @param metrics where the SDK serves its metrics; undefined: nowhere
 * @throws Error that says what to do, if it cannot listen there
 */
export async function installTemporalRuntime(log: Logger, metrics: BindAddress | undefined): Promise<void> {
  const write = (level: LogLevel, message: string, meta: Record<string | symbol, unknown> = {}) => {
    // The interceptor of our activities has already logged it, without a stack trace.
    if (message === 'Activity failed') return;
    const { error, ...fields } = meta;
    log[levels[level]](error === undefined ? fields : { ...fields, err: error }, message);
  };
  const telemetry = metrics === undefined ? {} : { metrics: await temporalMetrics(metrics) };
  try {
    Runtime.install({
      shutdownSignals: [],
      logger: {
        log: write,
        trace: (message, meta) => write('TRACE', message, meta),
        debug: (message, meta) => write('DEBUG', message, meta),
        info: (message, meta) => write('INFO', message, meta),
        warn: (message, meta) => write('WARN', message, meta),
        error: (message, meta) => write('ERROR', message, meta),
      },
      telemetryOptions: {
        logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} },
        ...telemetry,
      },
    });
  } catch (error) {
    if (metrics === undefined) throw error;
    const where = formatBindAddress(metrics);
    throw new Error(
      `Cannot serve the metrics of Temporal's SDK on ${where}: ${String(error)}. Set another --temporal-metrics-bind-address.`,
      { cause: error },
    );
  }
}
