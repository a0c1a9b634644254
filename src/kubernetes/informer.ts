import { type Logger } from 'pino';
import { type ApiObject, type WatchEvent } from './api-answers';
import { ApiRefusal, describeApiFailure, isExpired, UnexpectedAnswer } from './api-failure';
import { JitteredBackOff } from './back-off';
import { type Collection, listAll, watchFrom } from './list-and-watch';

export interface InformerOptions<T> extends Collection {
  readonly log: Logger;
  /** For the log: "the Pipelines of namespace apps". */
  readonly what: string;
  /** Maps an object to what the informer keeps; undefined: nothing. Called for each listed or changed object. */
  readonly read: (object: ApiObject) => T | undefined;
  /** The object was deleted. */
  readonly onDeleted: (key: string) => void;
  /** The remedy for a rejected request, as a sentence. */
  readonly remedy: (refusal: ApiRefusal) => string;
}

/** `refused`: the API server does not allow reading the collection. `lost`: the state is unknown. */
export type InformerState = 'current' | 'refused' | 'lost';

/** A watch that lasted this long resets the back-off. */
const healthyWatchMs = 10_000;

/**
 * Follows a collection on the API server: lists it once, then watches it. Resumes from the last version when a watch
 * ends, and lists again when that version has expired.
 */
export class Informer<T> {
  readonly #options: InformerOptions<T>;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  readonly #backOff = new JitteredBackOff();
  #objects = new Map<string, T | undefined>();
  #listed = false;
  #lost: { readonly at: number; readonly status: number | undefined; readonly message: string } | undefined;

  constructor(options: InformerOptions<T>) {
    this.#options = options;
    this.#ended = this.#run();
  }

  /** By `namespace/name`. */
  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  /** All that it keeps. */
  values(): T[] {
    return [...this.#objects.values()].filter((object) => object !== undefined);
  }

  /** @param graceMs how long the known state remains valid after the connection to the API server was lost */
  state(graceMs: number): InformerState {
    const recent = this.#lost === undefined || Date.now() - this.#lost.at <= graceMs;
    if (this.#listed && recent) return 'current';
    return this.#lost?.status === 403 ? 'refused' : 'lost';
  }

  /** The API server does not know the collection: its CustomResourceDefinition is not installed. */
  get isAbsent(): boolean {
    return this.#lost?.status === 404;
  }

  /** Why the state is not current, as a sentence. */
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
      if (Date.now() - openedAt > healthyWatchMs) this.#backOff.reset();
      await this.#backOff.wait(signal, askedMs);
    }
  }

  async #list(): Promise<string> {
    const { read, onDeleted, log, what } = this.#options;
    const objects = new Map<string, T | undefined>();
    const version = await listAll(this.#options, this.#stop.signal, (object) => {
      objects.set(object.key, read(object));
    });
    for (const key of this.#objects.keys()) if (!objects.has(key)) onDeleted(key);
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
      this.#options.onDeleted(object.key);
    }
  }

  #found(): void {
    if (this.#lost !== undefined) this.#options.log.info(`Following ${this.#options.what} again`);
    this.#lost = undefined;
  }

  #lose(error: unknown): void {
    const { log, what, remedy } = this.#options;
    if (isExpired(error)) {
      log.info(`The last known version of ${what} has expired: listing again`);
      return;
    }
    const refusal = error instanceof ApiRefusal ? error : undefined;
    const advice = refusal === undefined ? '' : ` ${remedy(refusal)}`;
    const message = `${capitalised(what)} cannot be read from the API server: ${describeApiFailure(error)}.${advice}`;
    if (message !== this.#lost?.message) log.warn(message);
    this.#lost = { at: this.#lost?.at ?? Date.now(), status: refusal?.status, message };
  }
}

/** Whether a watch can resume from its last version after this failure. */
function mayResume(error: unknown): boolean {
  if (error instanceof UnexpectedAnswer) return false;
  if (!(error instanceof ApiRefusal)) return true;
  // These failures say nothing about the requested version.
  return [401, 403, 404, 429, 502, 503].includes(error.status);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
