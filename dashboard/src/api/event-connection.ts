/** One stream of the server's events, opened again whenever it ends. */

/** A stream ends every few minutes, and the browser opens the next one after some seconds. */
const lostMs = 8_000;
/** The browser gives up where the answer is not a stream: a refusal, or a proxy's page. */
const reopenMs = 5_000;

export interface ConnectionListener {
  readonly onOpen: () => void;
  /** There has been no connection for some seconds. */
  readonly onLost: () => void;
  /** A refusal: events were missed, and the session may have ended. */
  readonly onRefused: () => void;
  readonly events: Readonly<Record<string, (data: unknown) => void>>;
}

/** @returns to close it */
export function openEvents(
  url: string,
  { onOpen, onLost, onRefused, events }: ConnectionListener,
): () => void {
  let source: EventSource;
  let losing: number | undefined;
  let reopening: number | undefined;
  open();
  return () => {
    source.close();
    window.clearTimeout(losing);
    window.clearTimeout(reopening);
  };

  function open(): void {
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
