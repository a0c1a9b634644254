import { z } from 'zod';
import { freshness } from './pages';

/** What lists of Pipelines can be filtered by: values that there are. */
export const facets = z.object({
  namespaces: z.array(z.string()).meta({ description: 'Of Pipelines, sorted' }),
  environments: z.array(z.string()).meta({ description: 'In the order in which most Pipelines have them' }),
  labels: z.record(z.string(), z.array(z.string())).meta({
    description: 'Values of each label, sorted. Labels of which each Pipeline has its own value are left out',
  }),
  complete: z.boolean().meta({ description: 'false: there are more than this many values' }),
  ...freshness,
});

export type Facets = z.infer<typeof facets>;
