import { z } from 'zod';
import { type CrdRules } from '../../src/resources/crd-rules';

/** What zod's JSON Schemas of `src/resources` consist of. */
export interface JsonSchema {
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | false;
  readonly crd?: CrdRules;
}

/** Of what a manifest may say, before defaults and conversions. */
export function toJsonSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', target: 'openapi-3.0' }) as JsonSchema;
}
