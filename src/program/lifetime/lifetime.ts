import { constants } from 'node:os';
import { type Logger } from 'pino';
import { ConfigurationError } from '../../config/configuration-error';
import { OpenParts } from './open-parts';

/** The result of a started program: settles when the program cannot continue. */
export interface Running {
  readonly ended: Promise<void>;
}

type ExitReason = { readonly signal: NodeJS.Signals } | { readonly fault: unknown } | 'ended';

/**
 * Runs a program until it receives SIGTERM or SIGINT, or a part of it fails; then closes the parts in reverse order.
 * A second signal ends the process immediately.
 * @param start opens the parts; the opened parts are closed even if it throws
 * @returns the process's exit code
 * @throws ConfigurationError that `start` throws, once the parts are closed
 */
export async function runUntilStopped(
  log: Logger,
  start: (parts: OpenParts) => Promise<Running>,
): Promise<number> {
  const parts = new OpenParts();
  const asked = exitReason(log);
  let code = 0;
  let misconfigured: ConfigurationError | undefined;
  try {
    const reason = await Promise.race([asked.reason, start(parts).then(runningReason)]);
    if (reason === 'ended') throw new Error('The program ended unexpectedly.');
    if ('fault' in reason) throw reason.fault;
    log.info({ signal: reason.signal }, 'stopping; a second signal stops immediately');
  } catch (error) {
    code = 1;
    if (error instanceof ConfigurationError) misconfigured = error;
    else log.fatal({ err: error }, (error as Error).message);
  }
  try {
    await parts.close();
    log.info('stopped');
  } catch (error) {
    code = 1;
    log.error({ err: error }, 'some parts did not stop properly');
  } finally {
    asked.forget();
  }
  if (misconfigured !== undefined) throw misconfigured;
  return code;
}

async function runningReason({ ended }: Running): Promise<ExitReason> {
  await ended;
  return 'ended';
}

/** The first signal, or the first uncaught error: after an uncaught error, no state can be trusted. */
function exitReason(log: Logger): { readonly reason: Promise<ExitReason>; forget(): void } {
  const { promise: reason, resolve } = Promise.withResolvers<ExitReason>();
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) {
      log.warn({ signal }, 'ended at once');
      process.exit(128 + constants.signals[signal]);
    }
    stopping = true;
    resolve({ signal });
  };
  const onFault = (fault: unknown): void => {
    if (stopping) log.error({ err: fault }, 'a fault while stopping');
    stopping = true;
    resolve({ fault });
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  process.on('uncaughtException', onFault).on('unhandledRejection', onFault);
  return {
    reason,
    forget() {
      process.off('SIGTERM', onSignal).off('SIGINT', onSignal);
      process.off('uncaughtException', onFault).off('unhandledRejection', onFault);
    },
  };
}
