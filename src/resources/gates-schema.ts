import { z } from 'zod';
import { durationSchema } from '../domain/duration-schema';
import { approvalsSchema } from '../domain/gates/approvals-schema';
import { dependsOnSchema } from '../domain/gates/depends-on-schema';
import { soakSchema } from '../domain/gates/soak-schema';
import { promoteOnSchema } from '../domain/gates/tests-schema';
import { windowsSchema } from '../domain/gates/windows-schema';
import { type Dependency, type GateSettings } from '../domain/pipeline/pipeline';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** What a manifest says of one environment's gates. */
export interface GateFields extends Omit<GateSettings, 'dependsOn'> {
  readonly dependsOn?: readonly DependencyFields[];
}

interface DependencyFields extends Omit<Dependency, 'pipeline'> {
  readonly pipeline: { readonly namespace?: string; readonly name: string };
}

export const stageSchema = z
  .enum(['proposal', 'merge'])
  .optional()
  .describe(
    'What approvals, dependsOn, promoteOn, soak and windows stand before: proposal, the pull request, or merge, only its merge. The default is proposal.',
  );

/** `spec.gates` and `spec.environments[].gates`. */
export const gatesSchema = z
  .strictObject({
    approvals: approvalsSchema,
    autoMerge: z
      .boolean()
      .optional()
      .describe(
        'While true, Windlass merges the pull request itself when all gates are open and every check has passed. Requires promoteOn. Never merges a downgrade or commits of others.',
      ),
    dependsOn: dependsOnSchema,
    deployTimeout: durationSchema(
      'How long after its merge a promotion waits for the report of the environment, such as 2h: from 1m to 720h. The default is 24h.',
      {
        shortestMs: minuteMs,
        longestMs: 30 * dayMs,
        fault: 'must be a duration from 1m to 720h, such as 2h',
      },
    ).optional(),
    expireAfter: durationSchema(
      'How long a promotion waits until its pull request is merged, such as 72h: from 1m to 8760h. Then its pull request is closed. The time does not pass while the promotion is suspended, frozen or outside its windows. 0s, the default, is forever.',
      {
        shortestMs: minuteMs,
        longestMs: 365 * dayMs,
        orNone: true,
        fault: 'must be 0s or a duration from 1m to 8760h, such as 72h',
      },
    ).optional(),
    promoteOn: promoteOnSchema,
    soak: soakSchema,
    stage: stageSchema,
    supersede: z
      .enum(['latest', 'queue'])
      .optional()
      .describe(
        'What a newer version does to one that waits: latest, it takes its place, or queue, it waits behind it. The default is latest.',
      ),
    windows: windowsSchema,
  })
  .transform(({ deployTimeout, expireAfter, soak, dependsOn, ...fields }): GateFields => ({
    ...given(fields),
    ...given({ deployTimeoutMs: deployTimeout, expireAfterMs: expireAfter, soakMs: soak }),
    ...(dependsOn === undefined
      ? {}
      : {
          dependsOn: dependsOn.map(({ namespace, pipeline: name, environment, version }) => ({
            pipeline: { name, ...(namespace === undefined ? {} : { namespace }) },
            environment,
            version,
          })),
        }),
  }));

/** @param namespace of the Pipeline, the default of its dependencies */
export function toGateSettings({ dependsOn, ...fields }: GateFields, namespace: string): GateSettings {
  if (dependsOn === undefined) return fields;
  return {
    ...fields,
    dependsOn: dependsOn.map((each) => ({ ...each, pipeline: { namespace, ...each.pipeline } })),
  };
}

type Given<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

/** The fields without those that are undefined. */
function given<Fields extends object>(fields: Fields): Given<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Given<Fields>;
}
