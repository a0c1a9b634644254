/** The table of a Pipeline's fields in docs/reference/pipeline.md. */
import { code, markdownTable, replaceGenerated } from './markdown';
import { type JsonSchema } from './json-schema';

export const pipelinePage = 'docs/reference/pipeline.md';

/** The blocks that the pipeline and its environments share: each is described once, under its own name. */
const blocks = ['promotion', 'gates'];

/** @param page the committed page @param spec the schema of `spec` */
export function withFields(page: string, spec: JsonSchema): string {
  const shared = blocks.flatMap((block) => fieldRows(spec.properties?.[block] ?? {}, `${block}.`));
  const rows = [...fieldRows(spec, 'spec.'), ...shared];
  return replaceGenerated(page, 'fields', markdownTable([['field', 'required', 'meaning'], ...rows]));
}

/** A row for each field, with those of nested objects. */
export function fieldRows({ properties = {}, required = [] }: JsonSchema, prefix: string): string[][] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const row = [code(path), required.includes(name) ? 'yes' : '', meaning(field)];
    if (blocks.includes(name)) return [row];
    return [row, ...fieldRows(field, `${path}.`), ...fieldRows(field.items ?? {}, `${path}[].`)];
  });
}

function meaning({ description = '', enum: values }: JsonSchema): string {
  if (values === undefined) return description;
  const choice = values.map((value) => code(String(value))).join(', ');
  return `${description} ${values.length > 1 ? 'One of' : 'Always'} ${choice}.`;
}
