import { type paths } from './schema';

/** What the list of Pipelines can be asked for. */
export type PipelinesQuery = NonNullable<paths['/api/v1/pipelines']['get']['parameters']['query']>;
