/** CustomResourceDefinitions. */
import { stringify } from 'yaml';
import { type z } from 'zod';
import { pipelineGroup } from '../../src/domain/kubernetes-names';
import { pipelineVersion } from '../../src/resources/pipeline-schema';
import { type JsonSchema, toJsonSchema } from './json-schema';

/** A column of `kubectl get`; one with priority 1 appears with `--output wide` only. */
interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'boolean' | 'date';
  readonly priority?: 1;
  readonly jsonPath: string;
  readonly description: string;
}

export interface CustomResource {
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames?: readonly string[];
  /** Begins the file: comments. */
  readonly header: string;
  /** Written by a controller. */
  readonly hasStatus: boolean;
  readonly columns: readonly PrinterColumn[];
  /** The whole object. */
  readonly schema: z.ZodType;
}

export const ageColumn: PrinterColumn = {
  name: 'Age',
  type: 'date',
  jsonPath: '.metadata.creationTimestamp',
  description: 'Time since it was created',
};

export function crdFile({ plural }: Pick<CustomResource, 'plural'>): string {
  return `charts/windlass/crds/${pipelineGroup}_${plural}.yaml`;
}

/**
 * A structural schema
 * (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema):
 * only structure, and the rules of `crd`. Everything else in the JSON Schema is left out.
 * @throws Error for a schema without a type, such as a union
 */
function structuralSchema(schema: JsonSchema, path: string): Record<string, unknown> {
  const { description, type, enum: values, required, properties = {}, items, additionalProperties } = schema;
  if (type === undefined) throw new Error(`${path} has no type that a CustomResourceDefinition can have.`);
  const fields = Object.entries(properties).map(([name, field]) => [
    name,
    structuralSchema(field, `${path}.${name}`),
  ]);
  return {
    ...(description === undefined ? {} : { description }),
    type,
    ...(values === undefined ? {} : { enum: values }),
    ...schema.crd,
    ...(required === undefined ? {} : { required }),
    ...(fields.length === 0 ? {} : { properties: Object.fromEntries(fields) as unknown }),
    ...(items === undefined ? {} : { items: structuralSchema(items, `${path}[]`) }),
    ...(additionalProperties
      ? { additionalProperties: structuralSchema(additionalProperties, `${path}{}`) }
      : {}),
  };
}

/** The text of the CustomResourceDefinition. */
export function crdText(resource: CustomResource): string {
  const { kind, plural, singular, shortNames, header, hasStatus, columns, schema } = resource;
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${pipelineGroup}` },
    spec: {
      group: pipelineGroup,
      scope: 'Namespaced',
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular,
        ...(shortNames === undefined ? {} : { shortNames }),
      },
      versions: [
        {
          name: pipelineVersion,
          served: true,
          storage: true,
          ...(hasStatus ? { subresources: { status: {} } } : {}),
          additionalPrinterColumns: columns,
          schema: { openAPIV3Schema: structuralSchema(toJsonSchema(schema), kind) },
        },
      ],
    },
  };
  return header + stringify(crd, { lineWidth: 120, aliasDuplicateObjects: false });
}
