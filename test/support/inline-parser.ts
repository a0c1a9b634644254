import { doJob } from '../../src/parsing/jobs';
import { type Parser } from '../../src/parsing/parser';

/** Does every job at once in the thread of the test, without limits on time and memory. */
export const inlineParser: Parser = {
  run: (_guest, name, input, signal) =>
    Promise.resolve().then(() => {
      signal?.throwIfAborted();
      return doJob(name, input);
    }),
  close: () => Promise.resolve(),
};
