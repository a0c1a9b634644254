import { z } from 'zod';
import { environment } from './pipelines';
import { workersSeen } from './pages';
import { namespace, pipelineRef } from './names';

export const eventsQuery = z.object({ pipeline: pipelineRef.optional(), namespace: namespace.optional() });

/**
 * The data of an event, by its name. `environment`: it is like this now. `removed`: the Pipeline is gone. `reset`: the server
 * cannot say what was missed: read the lists again. `workers`: whether a worker answers.
 * `freezes`: one was made, has changed, begins or ends: read the list again.
 */
export const streamEvents = {
  environment: z.object({ namespace: z.string(), pipeline: z.string(), environment }),
  removed: z.object({ namespace: z.string(), pipeline: z.string() }),
  freezes: z.object({}),
  reset: z.object({}),
  workers: z.object(workersSeen),
};

export type StreamEventName = keyof typeof streamEvents;
