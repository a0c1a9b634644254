import { setImmediate } from 'node:timers/promises';
import { beyondLimits } from '../yaml/yaml-limits';
import { doJob, type JobInput, type JobName, type JobOutput } from './jobs';

/**
 * What is parsed in this thread: the densest YAML takes up to 40 ms in a cold process, an ordinary manifest 1 ms. To start
 * a thread takes 100 ms, and 30 MiB as long as it runs.
 */
const quickBytes = 16 * 1024;
const quickTokens = 1_500;

/** Does a job in this thread, if that is certain to be quick. @returns undefined: it is not */
export async function doQuickJob<Name extends JobName>(
  name: Name,
  input: JobInput<Name>,
): Promise<{ readonly output: JobOutput<Name> } | undefined> {
  if (input.bytes.length > quickBytes) return undefined;
  // Many quick jobs in a row would be a long one.
  await setImmediate();
  const text = Buffer.from(input.bytes).toString('utf8');
  // Aliases repeat what they name.
  if (text.includes('*') || beyondLimits(text, quickTokens) !== undefined) return undefined;
  const quick = 'repairs' in input ? { ...input, repairs: false } : input;
  const output = doJob(name, quick);
  return 'fault' in output && output.fault !== undefined ? undefined : { output };
}
