import { closestMatch } from 'leven';
import { z } from 'zod';

/** The parts of a JSON Schema that lead from an object to the fields of a nested object. */
interface Level {
  readonly properties?: Readonly<Record<string, Level>>;
  readonly items?: Level;
}

/**
 * Why a field is ignored, with the field of the same object that was probably meant: a third of its letters may differ.
 * @param path of the object that the field is in, by the schema
 */
export function describeUnknownField(schema: z.ZodType, path: readonly PropertyKey[], field: string): string {
  const meant = closestMatch(field, fieldsAt(schema, path), {
    maxDistance: Math.max(1, Math.floor(field.length / 3)),
  });
  return meant === undefined ? 'unknown field' : `unknown field; did you mean \`${meant}\`?`;
}

function fieldsAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const top = z.toJSONSchema(schema, { io: 'input' }) as Level;
  const level = path.reduce<Level | undefined>(
    (at, step) => (typeof step === 'number' ? at?.items : at?.properties?.[String(step)]),
    top,
  );
  return Object.keys(level?.properties ?? {});
}
