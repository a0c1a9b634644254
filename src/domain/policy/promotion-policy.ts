/** An operator's policy: the least that promotions wait for, whatever their Pipelines say. */
import { type GateSettings } from '../pipeline/pipeline';

export interface PromotionPolicy {
  readonly rules: readonly PolicyRule[];
}

/** It applies where all its selectors do; without any, everywhere. In names, `*` stands for any text. */
export interface PolicyRule {
  readonly name: string;
  readonly namespaces?: readonly string[];
  /** The environments promoted into. */
  readonly environments?: readonly string[];
  /** Each of them, with this value. */
  readonly environmentLabels?: Readonly<Record<string, string>>;
  readonly gates: MinimumGates;
}

export type MinimumGates = Pick<
  GateSettings,
  'approvals' | 'dependsOn' | 'promoteOn' | 'soakMs' | 'stage' | 'windows'
>;

/** Where a promotion goes, as far as a rule selects it. */
export interface PolicySubject {
  readonly namespace: string;
  readonly environment: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

/** All rules that apply, in the policy's order: none replaces another. */
export function rulesFor({ rules }: PromotionPolicy, subject: PolicySubject): readonly PolicyRule[] {
  const { namespace, environment } = subject;
  return rules.filter(
    ({ namespaces, environments, environmentLabels = {} }) =>
      isSelected(namespace, namespaces) &&
      isSelected(environment.name, environments) &&
      Object.entries(environmentLabels).every(([label, value]) => environment.labels?.[label] === value),
  );
}

function isSelected(name: string, patterns: readonly string[] | undefined): boolean {
  return patterns === undefined || patterns.some((pattern) => matchesPattern(name, pattern));
}

/** Compares in one pass: an expression with several `.*` would take forever for some names. */
export function matchesPattern(name: string, pattern: string): boolean {
  const [head = '', ...parts] = pattern.split('*');
  const tail = parts.pop();
  if (tail === undefined) return name === pattern;
  const end = name.length - tail.length;
  if (end < head.length || !name.startsWith(head) || !name.endsWith(tail)) return false;
  let at = head.length;
  for (const part of parts) {
    const found = name.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
