/** The table of a Freeze's fields in docs/gates.md. */
import { markdownTable, replaceGenerated } from './markdown';
import { type JsonSchema } from './json-schema';
import { fieldRows } from './pipeline-page';

export const gatesPage = 'docs/gates.md';

/** @param page the committed page @param spec the schema of `spec` */
export function withFreezeFields(page: string, spec: JsonSchema): string {
  const rows = fieldRows(spec, 'spec.');
  return replaceGenerated(
    page,
    'fields of a Freeze',
    markdownTable([['field', 'required', 'meaning'], ...rows]),
  );
}
