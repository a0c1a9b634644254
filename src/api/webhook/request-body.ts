import { type IncomingMessage } from 'node:http';
import { type FairShare } from '../../domain/fair-share';
import { Crowded } from '../../http/serving/connection-places';

export type BodyRead =
  /** `release` gives the bytes' part of the budget back, once the request is dealt with. */
  | { readonly kind: 'complete'; readonly bytes: Buffer; readonly release: () => void }
  /** More than the limit; the rest is still on the wire. */
  | { readonly kind: 'too-large' }
  /** It had to make room for other requests. */
  | { readonly kind: 'crowded' }
  /** The sender went away, or was cut for being slow, before the end. */
  | { readonly kind: 'aborted' };

export interface BodyLimits {
  readonly maxBytes: number;
  /** What the bodies of all requests may take together. */
  readonly budget: FairShare;
  /** Whose part of the budget it is. */
  readonly client: string;
}

/** Every body may have so much, for all connections together bound it; that is more than Flux sends, mostly. */
const freeBytes = 16 * 1024;
/** What a buffer begins with. */
const firstBytes = 4 * 1024;

/**
 * Reads a request's body as the bytes that were sent, holding at most `maxBytes` of them. Never rejects. What is larger
 * than `freeBytes` needs room in the budget, before it is read where its length is announced.
 */
export function readBody(
  request: IncomingMessage,
  { maxBytes, budget, client }: BodyLimits,
): Promise<BodyRead> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > maxBytes) return Promise.resolve({ kind: 'too-large' });
  return new Promise((resolve) => {
    // One buffer that doubles: a byte costs at most two, however small the chunks are in which it came.
    let bytes = Buffer.alloc(0);
    let size = 0;
    let reading = true;
    // To another client, never to a further request of the same: reading what is thrown away costs memory as well.
    const part = budget.open(client, (asking) => {
      if (!reading || asking === client) return false;
      settle({ kind: 'crowded' });
      return true;
    });
    const settle = (read: BodyRead): void => {
      reading = false;
      bytes = Buffer.alloc(0);
      request.off('data', onData).off('end', onEnd).off('close', onAbort);
      if (read.kind !== 'complete') part.release();
      resolve(read);
    };
    let room = freeBytes;
    const hasRoom = (wanted: number): boolean => {
      const more = wanted - room;
      if (more > 0 && !part.grow(more)) return false;
      room = Math.max(room, wanted);
      return true;
    };
    const onData = (chunk: Buffer): void => {
      const needed = size + chunk.length;
      if (needed > maxBytes) {
        settle({ kind: 'too-large' });
        return;
      }
      if (needed > bytes.length) {
        const larger = Math.min(announced || maxBytes, Math.max(firstBytes, needed, 2 * bytes.length));
        if (!hasRoom(larger)) {
          settle({ kind: 'crowded' });
          return;
        }
        const grown = Buffer.allocUnsafeSlow(larger);
        bytes.copy(grown, 0, 0, size);
        bytes = grown;
      }
      chunk.copy(bytes, size);
      size = needed;
    };
    const onEnd = (): void =>
      settle({ kind: 'complete', bytes: bytes.subarray(0, size), release: () => part.release() });
    const onAbort = (): void => settle({ kind: 'aborted' });
    const onError = (error: Error): void =>
      settle({ kind: error instanceof Crowded ? 'crowded' : 'aborted' });
    // Stays for good: a connection that breaks after we settled must not become an uncaught error.
    request.on('error', onError);
    if (!hasRoom(announced)) {
      settle({ kind: 'crowded' });
      return;
    }
    request.on('data', onData).once('end', onEnd).once('close', onAbort);
  });
}
