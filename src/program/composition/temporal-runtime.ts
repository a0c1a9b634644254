import { type LogLevel, Runtime } from '@temporalio/worker';
import { type Logger } from 'pino';

const levels = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
} as const satisfies Record<LogLevel, string>;

/** Gives the SDK our log, and disables its signal handlers: worker and server must stop in a defined order. */
export function installTemporalRuntime(log: Logger): void {
  const write = (level: LogLevel, message: string, meta: Record<string | symbol, unknown> = {}) => {
    // The interceptor of our activities has already logged it, without a stack trace.
    if (message === 'Activity failed') return;
    const { error, ...fields } = meta;
    log[levels[level]](error === undefined ? fields : { ...fields, err: error }, message);
  };
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
    telemetryOptions: { logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} } },
  });
}
