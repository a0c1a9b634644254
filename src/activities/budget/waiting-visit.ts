import { type Permits } from '../../domain/budget/pace';
import { WindlassError } from '../../domain/errors';

export interface VisitToWait {
  /** The same whenever it is tried. */
  readonly id: string;
  readonly need: Permits;
  /** It has sent some of its requests already. */
  readonly begun: boolean;
  readonly patienceMs: number;
}

/** A visit that waits for its requests. */
export interface WaitingVisit extends VisitToWait {
  /** Milliseconds since the epoch. */
  readonly since: number;
  resolve(granted: Permits): void;
  reject(error: Error): void;
}

/** @param leave it waits no longer, because of the signal */
export function waitFor(
  waiting: VisitToWait,
  signal: AbortSignal,
  leave: () => void,
): { readonly visit: WaitingVisit; readonly granted: Promise<Permits> } {
  const { promise, resolve, reject } = Promise.withResolvers<Permits>();
  const abort = (): void => {
    leave();
    reject(signal.reason as Error);
  };
  signal.addEventListener('abort', abort, { once: true });
  const granted = promise.finally(() => signal.removeEventListener('abort', abort));
  return { visit: { ...waiting, since: Date.now(), resolve, reject }, granted };
}

export function rateLimitedUntil(host: string, ms: number): WindlassError {
  const seconds = Math.ceil(ms / 1_000);
  return new WindlassError(
    'rate-limited',
    `The requests that ${host} allows for this token are used up or reserved: the next turn is in ${seconds} seconds.`,
    { retryAfterMs: Math.ceil(ms) },
  );
}
