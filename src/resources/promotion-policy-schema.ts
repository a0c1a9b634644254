/** The file of an operator's policy. */
import { z } from 'zod';
import { approvalsSchema } from '../domain/gates/approvals-schema';
import { dependsOnSchema } from '../domain/gates/depends-on-schema';
import { soakSchema } from '../domain/gates/soak-schema';
import { promoteOnSchema } from '../domain/gates/tests-schema';
import { windowFaults, windowsSchema } from '../domain/gates/windows-schema';
import { type Dependency } from '../domain/pipeline/pipeline';
import { type MinimumGates, type PolicyRule, type PromotionPolicy } from '../domain/policy/promotion-policy';
import { maxWindowsOfPipeline } from '../domain/windows/window';
import { type Fault } from './faults';
import { stageSchema } from './gates-schema';
import { objectName } from './object-schema';
import { readOperatorFile } from './operator-file';
import { pipelineApiVersion } from './pipeline-schema';

const policyKind = 'PromotionPolicy';

/** More than an installation has kinds of environments; each is evaluated for every promotion that it selects. */
const mostRules = 100;
const mostPatterns = 100;
const longestPattern = 253;

const patterns = z
  .array(z.string().min(1).max(longestPattern))
  .min(1, 'must not be empty: leave it out to select all')
  .max(mostPatterns)
  .optional();

const labels = z
  .record(z.string(), z.string())
  .refine((all) => Object.keys(all).length > 0, 'must not be empty: leave it out to select all')
  .optional();

/** Those of a Pipeline that can hold a promotion, besides `manual` and `suspend`. */
const minimumGates = z
  .strictObject({
    approvals: approvalsSchema,
    dependsOn: dependsOnSchema,
    promoteOn: promoteOnSchema,
    soak: soakSchema,
    stage: stageSchema,
    windows: windowsSchema,
  })
  .transform(
    ({ approvals, dependsOn = [], promoteOn, soak = 0, stage, windows = [] }, context): MinimumGates => {
      const dependencies = dependsOn.flatMap(
        ({ namespace, pipeline: name, ...rest }, index): Dependency[] => {
          if (namespace !== undefined) return [{ pipeline: { namespace, name }, ...rest }];
          const message = 'is required: a rule can apply to Pipelines of several namespaces';
          context.addIssue({ code: 'custom', path: ['dependsOn', index, 'namespace'], message });
          return [];
        },
      );
      const isEmpty = [dependsOn, windows].every(({ length }) => length === 0) && soak === 0;
      if (isEmpty && approvals === undefined && promoteOn !== 'tested') {
        const message =
          'asks for nothing: set approvals, dependsOn, soak, windows or "promoteOn: tested", or remove the rule';
        context.addIssue({ code: 'custom', message });
      }
      return {
        ...(approvals === undefined ? {} : { approvals }),
        ...(dependencies.length === 0 ? {} : { dependsOn: dependencies }),
        ...(promoteOn === undefined ? {} : { promoteOn }),
        ...(soak === 0 ? {} : { soakMs: soak }),
        ...(stage === undefined ? {} : { stage }),
        ...(windows.length === 0 ? {} : { windows }),
      };
    },
  );

const ruleSchema = z
  .strictObject({
    name: objectName,
    namespaces: patterns,
    environments: patterns,
    environmentLabels: labels,
    gates: minimumGates,
  })
  .transform(({ name, namespaces, environments, environmentLabels, gates }): PolicyRule => ({
    name,
    ...(namespaces === undefined ? {} : { namespaces }),
    ...(environments === undefined ? {} : { environments }),
    ...(environmentLabels === undefined ? {} : { environmentLabels }),
    gates,
  }));

const policySchema = z
  .strictObject({
    apiVersion: z.literal(pipelineApiVersion),
    kind: z.literal(policyKind),
    rules: z.array(ruleSchema).max(mostRules),
  })
  .check(({ value: { rules }, issues }) => {
    const names = new Set<string>();
    for (const [index, { name }] of rules.entries()) {
      const message = 'is also the name of an earlier rule';
      if (names.has(name))
        issues.push({ code: 'custom', input: name, path: ['rules', index, 'name'], message });
      names.add(name);
    }
    const faults = windowFaults(rules.map(({ gates }) => gates.windows ?? []));
    if (faults === 'too-many') {
      const message = `has more than ${maxWindowsOfPipeline} windows in all its rules`;
      issues.push({ code: 'custom', input: undefined, path: [], message });
      return;
    }
    for (const { list, window, field, fault } of faults) {
      const path = ['rules', list, 'gates', 'windows', window, field];
      issues.push({ code: 'custom', input: undefined, path, message: fault });
    }
  });

export interface PolicyReading {
  /** Absent: there are faults. */
  readonly policy?: PromotionPolicy;
  readonly faults: readonly Fault[];
}

/**
 * Reads an operator's policy from YAML. Without a selector that is misspelt, a rule would apply elsewhere; without such a gate,
 * it would ask for less.
 * @param source the file's name, for the messages
 */
export function readPromotionPolicy(text: string, source: string): PolicyReading {
  const { value, faults } = readOperatorFile(policySchema, policyKind, text, source);
  return value === undefined ? { faults } : { policy: { rules: value.rules }, faults };
}
