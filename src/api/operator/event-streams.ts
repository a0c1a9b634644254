/** Server-sent events of the read model's changes (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
import { type Response } from 'express';
import { type Caller } from '../../access/access';
import { type PipelineRef } from '../../domain/pipeline/pipeline';
import { type Change, type ChangeFeed } from '../../read-model/change-feed';
import { Refusal } from './refusal';

export interface StreamRequest {
  readonly caller: Caller;
  readonly lastEventId: string | undefined;
  /** Now, since rights change while a stream is open. @throws AccessUnavailable */
  readonly sees: (pipeline: PipelineRef) => Promise<boolean>;
  /** Which of them the client asked for. */
  readonly wants: (pipeline: PipelineRef) => boolean;
  /** How it is now, for everyone: sent first, or after what was missed. */
  readonly now: () => Pick<Change, 'event' | 'data'>;
  /** How long the caller stays known; absent: that is found out when the client comes back. */
  readonly knownForMs?: number;
}

const mostStreams = 100;
const mostOfOne = 10;
const heartbeatMs = 15_000;
/** Tokens expire and are revoked: a client that comes back is authenticated again. */
const longestMs = 5 * 60_000;
/** What a client has not taken yet: a slower one is cut, and continues with Last-Event-ID. */
const mostPendingBytes = 1024 * 1024;
const mostPendingChanges = 2_000;

export class EventStreams {
  readonly #feed: ChangeFeed;
  readonly #longestMs: number;
  readonly #open = new Map<Response, string>();

  /** @param limitMs after which a stream ends, so that its client continues with Last-Event-ID */
  constructor(feed: ChangeFeed, limitMs = longestMs) {
    this.#feed = feed;
    this.#longestMs = limitMs;
  }

  /** How many are open. */
  get open(): number {
    return this.#open.size;
  }

  /** Ends them all. */
  close(): void {
    for (const response of this.#open.keys()) response.end();
  }

  /** @returns when the stream has ended @throws Refusal too-many-requests */
  async serve(request: StreamRequest, response: Response): Promise<void> {
    // It left while it was authenticated: no event would give its place back.
    if (response.closed) return;
    const { name } = request.caller;
    const ofOne = [...this.#open.values()].filter((each) => each === name).length;
    if (this.#open.size >= mostStreams || ofOne >= mostOfOne) {
      throw new Refusal(
        'too-many-requests',
        'There are too many open event streams: close some, then retry.',
      );
    }
    this.#open.set(response, name);
    const ended = new Promise<void>((resolve) => response.once('close', resolve));
    const stream = new Stream(this.#feed, request, response);
    const heartbeat = setInterval(() => {
      // One that does not take the end either is cut.
      if (response.writableEnded) response.destroy();
      else response.write(': still here\n\n');
    }, heartbeatMs);
    const end = setTimeout(() => response.end(), Math.min(this.#longestMs, request.knownForMs ?? Infinity));
    const stop = this.#feed.listen((change) => stream.add([change]));
    try {
      stream.begin();
      await ended;
    } finally {
      stop();
      clearInterval(heartbeat);
      clearTimeout(end);
      this.#open.delete(response);
    }
  }
}

/** One client. Changes are written in order, although whether the client may see one is asked first. */
class Stream {
  readonly #pending: Change[] = [];
  #writing = false;

  constructor(
    private readonly feed: ChangeFeed,
    private readonly request: StreamRequest,
    private readonly response: Response,
  ) {}

  begin(): void {
    const { feed, request, response } = this;
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
    const missed = request.lastEventId === undefined ? [] : feed.since(request.lastEventId);
    if (missed === undefined) response.write(eventText(feed.idOf(feed.last), 'reset', '{}'));
    // So that a client that loses its connection before the next event can continue: clients forget an id without data.
    this.add([...(missed ?? []), { number: feed.last, ...request.now() }]);
  }

  add(changes: readonly Change[]): void {
    this.#pending.push(...changes);
    if (this.#pending.length > mostPendingChanges) this.response.destroy();
    else if (!this.#writing) void this.#write();
  }

  async #write(): Promise<void> {
    const { feed, request, response } = this;
    this.#writing = true;
    try {
      for (let change = this.#pending.shift(); change !== undefined; change = this.#pending.shift()) {
        const { pipeline } = change;
        if (pipeline !== undefined && !(request.wants(pipeline) && (await request.sees(pipeline)))) continue;
        if (response.destroyed || response.writableEnded) return;
        response.write(eventText(feed.idOf(change.number), change.event, change.data));
        if (response.writableLength > mostPendingBytes) response.destroy();
      }
    } catch {
      // Rights cannot be checked at the moment: the client comes back.
      response.destroy();
    } finally {
      this.#writing = false;
    }
  }
}

function eventText(id: string, event: string, data: string): string {
  return `id: ${id}\nevent: ${event}\ndata: ${data}\n\n`;
}
