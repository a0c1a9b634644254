import { type Logger } from 'pino';
import { type ApiObject, type WatchEvent } from './api-answers';
import { ApiRefusal, describeApiFailure, isExpired, OddAnswer } from './api-failure';
import { JitteredBackOff } from './back-off';
import { type Collection, listAll, watchFrom } from './list-and-watch';

export interface InformerOptions<T> extends Collection {
  readonly log: Logger;
  /** For the log: "the Pipelines of namespace apps". */
  readonly what: string;
  /** What is kept of an object; undefined: nothing. Called whenever an object is listed or has changed. */
  readonly read: (object: ApiObject) => T | undefined;
  /** The object is there no more. */
  readonly gone: (key: string) => void;
  /** What to do about a refusal, as a sentence. */
  readonly remedy: (refusal: ApiRefusal) => string;
}

/** `refused`: there is an API server, and it doesn't let us read this collection. `lost`: nothing is known. */
export type InformerState = 'current' | 'refused' | 'lost';

/** A watch that lasted this long was a good one. */
const goodWatchMs = 10_000;

/**
 * Keeps up with a collection on the API server: lists it once, then watches on from there; goes on from the last
 * version seen when a watch ends, and lists again when the API server has forgotten that version.
 */
export class Informer<T> {
  readonly #options: InformerOptions<T>;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  readonly #backOff = new JitteredBackOff();
  #objects = new Map<string, T | undefined>();
  #listed = false;
  #lost: { readonly at: number; readonly refused: boolean; readonly message: string } | undefined;

  constructor(options: InformerOptions<T>) {
    this.#options = options;
    this.#ended = this.#run();
  }

  /** By `namespace/name`. */
  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  /** @param graceMs for how long what is known may be believed after the API server was lost */
  state(graceMs: number): InformerState {
    const recent = this.#lost === undefined || Date.now() - this.#lost.at <= graceMs;
    if (this.#listed && recent) return 'current';
    return this.#lost?.refused ? 'refused' : 'lost';
  }

  /** Why it is not current, as a sentence. */
  get fault(): string {
    return this.#lost?.message ?? `${capitalised(this.#options.what)} have not been read yet.`;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    let version: string | undefined;
    while (!signal.aborted) {
      let openedAt = Infinity;
      const opened = () => {
        openedAt = Date.now();
        this.#found();
      };
      let askedMs: number | undefined;
      try {
        version ??= await this.#list();
        for await (const event of watchFrom(this.#options, version, signal, opened)) {
          this.#apply(event);
          version = event.version;
        }
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        this.#lose(error);
        if (!mayResume(error)) version = undefined;
        if (error instanceof ApiRefusal) askedMs = error.retryAfterMs;
      }
      if (Date.now() - openedAt > goodWatchMs) this.#backOff.reset();
      await this.#backOff.wait(signal, askedMs);
    }
  }

  async #list(): Promise<string> {
    const { read, gone, log, what } = this.#options;
    const objects = new Map<string, T | undefined>();
    const version = await listAll(this.#options, this.#stop.signal, (object) => {
      objects.set(object.key, read(object));
    });
    for (const key of this.#objects.keys()) if (!objects.has(key)) gone(key);
    this.#objects = objects;
    this.#listed = true;
    this.#found();
    log.info({ count: objects.size }, `Read ${what}`);
    return version;
  }

  #apply({ kind, object }: WatchEvent): void {
    if (kind === 'put') this.#objects.set(object.key, this.#options.read(object));
    if (kind === 'remove') {
      this.#objects.delete(object.key);
      this.#options.gone(object.key);
    }
  }

  #found(): void {
    if (this.#lost !== undefined) this.#options.log.info(`Following ${this.#options.what} again`);
    this.#lost = undefined;
  }

  #lose(error: unknown): void {
    const { log, what, remedy } = this.#options;
    if (isExpired(error)) {
      log.info(`Too much has happened to ${what} since they were read: reading them again`);
      return;
    }
    const refusal = error instanceof ApiRefusal ? error : undefined;
    const advice = refusal === undefined ? '' : ` ${remedy(refusal)}`;
    const message = `${capitalised(what)} cannot be read from the API server: ${describeApiFailure(error)}.${advice}`;
    if (message !== this.#lost?.message) log.warn(message);
    this.#lost = { at: this.#lost?.at ?? Date.now(), refused: refusal?.status === 403, message };
  }
}

/** Whether a watch may go on from where it was after this failure. */
function mayResume(error: unknown): boolean {
  if (error instanceof OddAnswer) return false;
  if (!(error instanceof ApiRefusal)) return true;
  // These say nothing about the version that was asked for.
  return [401, 403, 404, 429, 502, 503].includes(error.status);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
