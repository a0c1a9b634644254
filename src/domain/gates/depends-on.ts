import { type Gate } from './gate';

/** A dependency, and what was read of it. It is in workflow histories: add fields as optional ones. */
export interface DependencyReading {
  /** `namespace/name` of the pipeline. */
  readonly pipeline: string;
  readonly environment: string;
  /** The range of versions that it must run. */
  readonly version: string;
  readonly met: boolean;
  /** What it runs; or why that is not known, or cannot count. Without a full stop. */
  readonly found: string;
}

export interface DependsOnPolicy {
  readonly dependsOn?: readonly DependencyReading[];
}

/** `gates.dependsOn`. A withdrawal needs none: nothing is deployed by it. */
export const dependsOn: Gate<DependsOnPolicy> = ({ task }, { dependsOn: readings = [] }) => {
  const missing = readings.filter(({ met }) => !met);
  if (missing.length === 0 || task.action === 'withdraw') return { open: true };
  const wanted = missing.map(
    ({ pipeline, environment, version }) => `${pipeline} ${version} in ${environment}`,
  );
  return {
    open: false,
    until: 'others',
    brief: wanted.join(', '),
    next: [
      ...missing.map(({ pipeline, environment, found }) => `${pipeline} in ${environment}: ${found}. `),
      'It continues by itself when they run there.',
    ],
  };
};
