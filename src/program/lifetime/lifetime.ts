import { constants } from 'node:os';
import { type Logger } from 'pino';
import { OpenParts } from './open-parts';

/** What a started program hands over: settles when it can't go on by itself. */
export interface Running {
  readonly ended: Promise<void>;
}

type ExitReason = { readonly signal: NodeJS.Signals } | { readonly fault: unknown } | 'ended';

/**
 * Runs a program until SIGTERM or SIGINT ask it to stop, or a part of it fails; then closes what it opened, last first.
 * A second signal ends the process at once.
 * @param start opens the parts; what it has opened is closed also when it throws
 * @returns the process's exit code
 */
export async function runUntilStopped(
  log: Logger,
  start: (parts: OpenParts) => Promise<Running>,
): Promise<number> {
  const parts = new OpenParts();
  const asked = exitReason(log);
  let code = 0;
  try {
    const reason = await Promise.race([asked.reason, start(parts).then(runningReason)]);
    if (reason === 'ended') throw new Error('The program ended without having been asked to.');
    if ('fault' in reason) throw reason.fault;
    log.info({ signal: reason.signal }, 'stopping; a second signal ends at once');
  } catch (error) {
    code = 1;
    log.fatal({ err: error }, (error as Error).message);
  }
  try {
    await parts.close();
    log.info('stopped');
  } catch (error) {
    code = 1;
    log.error({ err: error }, 'not everything stopped in order');
  } finally {
    asked.forget();
  }
  return code;
}

async function runningReason({ ended }: Running): Promise<ExitReason> {
  await ended;
  return 'ended';
}

/** The first signal, or the first fault that nobody caught: after one of those no state can be trusted. */
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
