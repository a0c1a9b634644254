import { type IncomingMessage } from 'node:http';

export type BodyRead =
  | { readonly kind: 'complete'; readonly bytes: Buffer }
  /** More than the limit; the rest is still on the wire. */
  | { readonly kind: 'too-large' }
  /** The sender went away, or was cut for being slow, before the end. */
  | { readonly kind: 'aborted' };

/** Reads a request's body as the bytes that were sent, holding at most `maxBytes` of them. Never rejects. */
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
    // Stays for good: a connection that breaks after we settled must not become an uncaught error.
    request.on('error', onAbort);
    request.on('data', onData).once('end', onEnd).once('close', onAbort);
  });
}
