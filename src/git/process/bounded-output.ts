/** Bounds what a git command may say, before all of it is in memory. */
import { WindlassError } from '../../domain/errors';

const mebibyte = 1024 * 1024;

/** A path for each of 100,000 files. */
const maxOutputBytes = 16 * mebibyte;
/** Messages, among them those of the server's hooks. */
const maxMessageBytes = mebibyte;

/** A stream that a child process writes, as simple-git hands it over. */
type Output = NodeJS.ReadableStream & { destroy?: () => unknown };

/**
 * Calls `exceeded` once more has come than a stream may bring, and reads no more of that stream: git then ends by itself
 * at its next word.
 */
export function boundOutput(
  streams: { readonly output: Output; readonly messages: Output },
  exceeded: (error: WindlassError) => void,
): void {
  bound(streams.output, maxOutputBytes, (limit) => {
    exceeded(new WindlassError('repository-too-large', `Git's answer is longer than ${limit}.`));
  });
  bound(streams.messages, maxMessageBytes, (limit) => {
    exceeded(
      new WindlassError('repository-too-large', `The Git server's messages are longer than ${limit}.`),
    );
  });
}

function bound(stream: Output, maxBytes: number, exceeded: (limit: string) => void): void {
  let bytes = 0;
  const count = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes <= maxBytes) return;
    stream.off('data', count);
    stream.destroy?.();
    exceeded(`${maxBytes / mebibyte} MiB`);
  };
  stream.on('data', count);
}
