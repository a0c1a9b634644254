import { createParser } from 'eventsource-parser';
import { streamEvents, type StreamEventName } from '../../operator/schemas/events';
import { type z } from 'zod';
import { plainValue } from '../text/plain';
import { CommandFault } from '../exit-codes';
import { type CallArguments, type Client } from './client';

/** A change, or a note about the stream itself. */
export type StreamEvent =
  | {
      [Name in StreamEventName]: { readonly name: Name; readonly data: z.infer<(typeof streamEvents)[Name]> };
    }[StreamEventName]
  | { readonly name: 'lost'; readonly because: string };

/** Of one event; one with all of a Pipeline's environment has some kilobytes. */
const longestEvent = 1024 * 1024;
const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

/**
 * The changes from now on, without end: a broken stream is opened again and continues where it was. Events of names that
 * this version does not know are skipped.
 * @throws CommandFault when the server refuses the stream
 */
export async function* followEvents(
  client: Client,
  query: CallArguments<'events'>,
  pause: (ms: number) => Promise<void>,
): AsyncGenerator<StreamEvent> {
  let lastEventId: string | undefined;
  let wait = firstPauseMs;
  for (;;) {
    let because: string | undefined = 'the server closed the stream';
    try {
      const chunks = await client.openEvents(query, lastEventId);
      for await (const { id, event } of readEvents(chunks)) {
        lastEventId = id ?? lastEventId;
        wait = firstPauseMs;
        // The server ends each stream after some minutes, to authenticate its client again.
        because = undefined;
        if (event !== undefined) yield event;
      }
    } catch (error) {
      if (!(error instanceof CommandFault) || error.ending !== 'away') throw error;
      because = error.message;
    }
    if (because !== undefined) yield { name: 'lost', because };
    await pause(wait);
    wait = Math.min(wait * 2, longestPauseMs);
  }
}

async function* readEvents(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ readonly id: string | undefined; readonly event: StreamEvent | undefined }> {
  const ready: { id: string | undefined; event: StreamEvent | undefined }[] = [];
  const decoder = new TextDecoder();
  const parser = createParser({
    maxBufferSize: longestEvent,
    onEvent: ({ id, event, data }) => ready.push({ id, event: parseEvent(event, data) }),
  });
  for await (const chunk of chunks) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* ready.splice(0);
  }
}

function parseEvent(name: string | undefined, data: string): StreamEvent | undefined {
  if (name === undefined || !Object.hasOwn(streamEvents, name)) return undefined;
  const known = name as StreamEventName;
  try {
    const parsed = streamEvents[known].safeParse(plainValue(JSON.parse(data)));
    return parsed.success ? ({ name: known, data: parsed.data } as StreamEvent) : undefined;
  } catch {
    return undefined;
  }
}
