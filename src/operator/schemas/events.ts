import { z } from 'zod';
import { environment } from './pipelines';
import { namespace, pipelineRef } from './names';

export const eventsQuery = z.object({ pipeline: pipelineRef.optional(), namespace: namespace.optional() });

/**
 * The data of an event, by its name. `environment`: it is like this now. `removed`: the Pipeline is gone. `reset`: the server
 * cannot say what was missed: read the lists again. `workers`: whether a worker polls.
 */
export const streamEvents = {
  environment: z.object({ namespace: z.string(), pipeline: z.string(), environment }),
  removed: z.object({ namespace: z.string(), pipeline: z.string() }),
  reset: z.object({}),
  workers: z.object({ workers: z.enum(['answering', 'silent', 'unknown']) }),
};

export type StreamEventName = keyof typeof streamEvents;
