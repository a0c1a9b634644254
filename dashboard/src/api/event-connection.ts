/** One stream of the server's events while the page is shown, opened again whenever it ends. */

/** A stream ends every few minutes, and the browser opens the next one after some seconds. */
const lostMs = 8_000;
/** The browser gives up where the answer is not a stream: a refusal, or a proxy's page. */
const reopenMs = 5_000;
/** Without TLS, a browser has six connections for all of its tabs: one that no one looks at gives its own back. */
const hiddenMs = 10_000;

export interface ConnectionListener {
  readonly onOpen: () => void;
  /** There has been no connection for some seconds. */
  readonly onLost: () => void;
  /** A refusal: events were missed, and the session may have ended. */
  readonly onRefused: () => void;
  /** The page is hidden, and needs no connection until it is shown again: events are missed. */
  readonly onPaused: () => void;
  readonly events: Readonly<Record<string, (data: unknown) => void>>;
}

/** @returns to close it */
export function openEvents(
  url: string,
  { onOpen, onLost, onRefused, onPaused, events }: ConnectionListener,
): () => void {
  let source: EventSource;
  let losing: number | undefined;
  let reopening: number | undefined;
  let pausing: number | undefined;
  let isPaused = false;
  open();
  followVisibility();
  document.addEventListener('visibilitychange', followVisibility);
  return () => {
    document.removeEventListener('visibilitychange', followVisibility);
    window.clearTimeout(pausing);
    close();
  };

  function followVisibility(): void {
    window.clearTimeout(pausing);
    if (document.visibilityState === 'hidden') pausing = window.setTimeout(pause, hiddenMs);
    else if (isPaused) open();
  }

  function pause(): void {
    isPaused = true;
    close();
    onPaused();
  }

  function close(): void {
    source.close();
    window.clearTimeout(losing);
    losing = undefined;
    window.clearTimeout(reopening);
  }

  function open(): void {
    isPaused = false;
    source = new EventSource(url);
    source.onopen = () => {
      window.clearTimeout(losing);
      losing = undefined;
      onOpen();
    };
    source.onerror = () => {
      losing ??= window.setTimeout(onLost, lostMs);
      if (source.readyState !== EventSource.CLOSED) return;
      onRefused();
      reopening = window.setTimeout(open, reopenMs);
    };
    for (const [name, take] of Object.entries(events)) {
      source.addEventListener(name, ({ data }: MessageEvent<string>) => take(JSON.parse(data)));
    }
  }
}
