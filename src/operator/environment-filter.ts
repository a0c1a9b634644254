/** Which environments a list asks for: the same for the server, which selects Pipelines, and for the client, which prints rows. */
import { type Environment, type PipelinesQuery } from './schemas/pipelines';

export type EnvironmentFilter = Pick<PipelinesQuery, 'environment' | 'version' | 'state'>;

/** Whether an environment fits all that is asked for. */
export function isAskedFor(each: Environment, { environment, version, state }: EnvironmentFilter): boolean {
  return (
    (environment === undefined || each.name === environment) &&
    (version === undefined || hasVersion(each, version)) &&
    (state === undefined || attention[state](each))
  );
}

/** Whether something is asked for that an environment can fit or not. */
export function asksForEnvironments({ environment, version, state }: EnvironmentFilter): boolean {
  return environment !== undefined || version !== undefined || state !== undefined;
}

/** Whether it waits for people, perhaps besides other things. Lanes of older workers know only the state. */
export function needsApproval({ acting }: Pick<Environment, 'acting'>): boolean {
  return acting?.approval !== undefined || acting?.state === 'waiting-for-approval';
}

const attention = {
  waiting: ({ acting }) => acting?.waits !== undefined,
  approval: needsApproval,
  failed: ({ failed }) => failed !== undefined,
  held: ({ held }) => held.length > 0,
  open: ({ acting }) => acting?.pullRequest !== undefined,
} satisfies Record<NonNullable<PipelinesQuery['state']>, (environment: Environment) => boolean>;

function hasVersion(
  { running, acting, settling, queued, held, failed }: Environment,
  version: string,
): boolean {
  return (
    running.some((target) => target.version === version) ||
    acting?.version === version ||
    settling?.version === version ||
    queued.includes(version) ||
    held.some((each) => each.version === version) ||
    failed?.version === version
  );
}
