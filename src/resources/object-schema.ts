import { z } from 'zod';
import {
  longestNamespace,
  longestObjectName,
  namespacePattern,
  objectNamePattern,
} from '../domain/kubernetes-names';
import { type FieldPath, type ObjectFault } from './faults';
import { describeUnknownField } from './unknown-field';

/** The result of reading a manifest: its value or its faults, and in both cases what was ignored. */
export interface Reading<T> {
  /** Absent: there are errors. */
  readonly value?: T;
  readonly faults: readonly ObjectFault[];
  /** Unknown fields, which an API server would have dropped. */
  readonly warnings: readonly ObjectFault[];
}

export const namespaceName = z
  .string()
  .max(longestNamespace)
  .regex(namespacePattern, 'must be a namespace: lower-case letters, digits and "-"');
export const objectName = z
  .string()
  .max(longestObjectName)
  .regex(objectNamePattern, 'must be a Kubernetes name: lower-case letters, digits, "-" and "."');

/** As of Kubernetes: what is longer could not select anything. */
const longestLabelKey = 253 + 1 + 63;
const longestLabelValue = 63;

export const labelMap = z.record(
  z.string().max(longestLabelKey),
  z.string().max(longestLabelValue).describe('The value of the label.'),
);

/** The fields of an object's metadata that Windlass reads; all others are allowed. */
export const metadataSchema = z.looseObject({
  name: objectName,
  namespace: namespaceName,
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});

/** The identity of a manifest's object, even if nothing else in it is valid. */
export function refOf(object: unknown): { readonly namespace: string; readonly name: string } | undefined {
  const named = z.object({ metadata: z.object({ namespace: namespaceName, name: objectName }) });
  const { metadata } = named.safeParse(object).data ?? {};
  return metadata;
}

/**
 * A copy of plain JSON data without the fields that are null, which a Kubernetes API server drops as well.
 * @throws TypeError or RangeError for a value that JSON cannot express: circles, endless depth
 */
export function withoutNulls(value: unknown): unknown {
  const json = JSON.stringify(value) as string | undefined;
  if (json === undefined) return undefined;
  return JSON.parse(json, (_, field: unknown) => field ?? undefined);
}

/**
 * Reads an object by a schema of strict objects. Unknown fields become warnings and are ignored, as an API server
 * prunes them; everything else that the schema rejects is an error.
 */
export function readObject<T>(schema: z.ZodType<T>, object: unknown): Reading<T> {
  const pruned = withoutNulls(object);
  const warnings: ObjectFault[] = [];
  for (const issue of schema.safeParse(pruned).error?.issues ?? []) {
    if (issue.code !== 'unrecognized_keys') continue;
    const parent = valueAt(pruned, issue.path);
    for (const key of issue.keys) {
      if (isRecord(parent)) Reflect.deleteProperty(parent, key);
      const reason = describeUnknownField(schema, issue.path, key);
      warnings.push({ path: [...fieldPath(issue.path), key], reason });
    }
  }
  const result = schema.safeParse(pruned);
  if (result.success) return { value: result.data, faults: [], warnings };
  const faults = result.error.issues.map((issue) => ({
    path: fieldPath(issue.path),
    reason: describe(issue, valueAt(pruned, issue.path)),
  }));
  return { faults, warnings };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldPath(path: readonly PropertyKey[]): FieldPath {
  return path.map((step) => (typeof step === 'number' ? step : String(step)));
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return undefined;
    current = (current as Record<PropertyKey, unknown>)[step];
  }
  return current;
}

function describe(issue: z.core.$ZodIssue, value: unknown): string {
  if (value === undefined && issue.code !== 'custom') return 'is required';
  switch (issue.code) {
    case 'invalid_type':
      return describeType(issue.expected, value);
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'too_big':
      return issue.origin === 'array'
        ? `has more than ${String(issue.maximum)} entries`
        : `is longer than ${String(issue.maximum)} characters`;
    case 'too_small':
      return 'must not be empty';
    default:
      return issue.message;
  }
}

function describeType(expected: string, value: unknown): string {
  if (expected === 'string' && typeof value !== 'object') {
    return `must be a string and is a ${typeof value}: put quotes around it`;
  }
  const nouns: Readonly<Record<string, string>> = {
    string: 'a string',
    boolean: 'true or false',
    number: 'a number',
    int: 'a whole number',
    array: 'a list',
    object: 'a map of fields',
    record: 'a map of fields',
  };
  return `must be ${nouns[expected] ?? expected}`;
}
