import { type QueryClient } from '@tanstack/react-query';
import { type PipelineName } from '../api/answers';

/** Reads everything that an act on a Pipeline can have changed. */
export async function readAgain(client: QueryClient, { namespace, name }: PipelineName): Promise<void> {
  const keys = [['pipelines'], ['pipeline', namespace, name], ['promotion', namespace, name], ['freezes']];
  await Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })));
}
