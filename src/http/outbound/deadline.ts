import { WindlassError } from '../../domain/errors';

/** A signal that fires at the deadline or with the caller's; clear it when the exchange ends. */
export function startDeadline(
  host: string,
  timeoutMs: number,
  caller: AbortSignal | undefined,
): { readonly signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(
      new WindlassError('timed-out', `${host} did not answer within ${timeoutMs / 1000} seconds.`),
    );
  }, timeoutMs);
  const follow = (): void => {
    controller.abort(caller?.reason);
  };
  if (caller?.aborted === true) follow();
  caller?.addEventListener('abort', follow, { once: true });
  return {
    signal: controller.signal,
    clear: () => {
      clearTimeout(timer);
      caller?.removeEventListener('abort', follow);
    },
  };
}
