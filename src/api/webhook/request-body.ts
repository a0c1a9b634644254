import { type IncomingMessage } from 'node:http';

export type BodyRead =
  | { readonly kind: 'complete'; readonly bytes: Buffer }
  /** Larger than the limit; the rest has not been read. */
  | { readonly kind: 'too-large' }
  /** The connection was closed, by the sender or because it was too slow, before the end. */
  | { readonly kind: 'aborted' };

/** Reads a request's body as raw bytes, storing at most `maxBytes` of them. Never rejects. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<BodyRead> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes)
    return Promise.resolve({ kind: 'too-large' });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (read: BodyRead): void => {
      request.off('data', onData).off('end', onEnd).off('close', onAbort);
      resolve(read);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > maxBytes) settle({ kind: 'too-large' });
      else chunks.push(chunk);
    };
    const onEnd = (): void => settle({ kind: 'complete', bytes: Buffer.concat(chunks, size) });
    const onAbort = (): void => settle({ kind: 'aborted' });
    // Stays attached: a connection that breaks later must not become an uncaught error.
    request.on('error', onAbort);
    request.on('data', onData).once('end', onEnd).once('close', onAbort);
  });
}
