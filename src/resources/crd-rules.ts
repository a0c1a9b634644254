/**
 * The rules of a field in the CustomResourceDefinition besides its type, enum, description and required fields, set as
 * `crd` in the metadata of the field's schema. The rules of the schema itself (lengths, patterns, defaults) are not
 * used. The CustomResourceDefinition must accept everything that earlier versions accepted, or stored objects could not
 * be written any more; and a default would appear in objects whose source is a Git repository.
 */
export interface CrdRules {
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly format?: 'int64' | 'date-time';
  readonly default?: unknown;
  readonly 'x-kubernetes-list-type'?: 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
}

declare module 'zod' {
  interface GlobalMeta {
    readonly crd?: CrdRules;
  }
}
