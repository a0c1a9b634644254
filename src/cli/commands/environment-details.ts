import { type PipelineDetails } from '../../operator/schemas/pipelines';
import { type Session } from '../access/open-session';
import { CommandFault } from '../exit-codes';
import { type NamespacedName } from './pipeline-argument';

export interface EnvironmentDetails {
  readonly pipeline: PipelineDetails;
  readonly environment: PipelineDetails['environments'][number];
}

/** @throws CommandFault missing, which names the environments that there are */
export async function readEnvironment(
  { client }: Session,
  { namespace, name }: NamespacedName,
  wanted: string,
): Promise<EnvironmentDetails> {
  const pipeline = await client.call('getPipeline', { params: { namespace, name } });
  const environment = pipeline.environments.find((each) => each.name === wanted);
  if (environment !== undefined) return { pipeline, environment };
  const names = pipeline.environments.map((each) => each.name).join(', ');
  throw new CommandFault(
    'missing',
    `${namespace}/${name} has no environment ${JSON.stringify(wanted)}: it has ${names}.`,
  );
}
