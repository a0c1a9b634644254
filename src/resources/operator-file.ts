/** Files that an operator writes for the program itself: one YAML document of one kind. */
import { type z } from 'zod';
import { type Fault, formatPath } from './faults';
import { readObject } from './object-schema';
import { readYamlDocuments } from './yaml-documents';

const mostListed = 100;

export interface OperatorFileReading<T> {
  /** Absent: there are faults. */
  readonly value?: T;
  readonly faults: readonly Fault[];
}

/**
 * Reads the one document of an operator's file. Every fault makes it invalid, an unknown field as well: without a field that
 * is misspelt, it would mean something else. No fault repeats a value.
 * @param kind what the document is, for the messages
 * @param source the file's name, for the messages
 */
export function readOperatorFile<T>(
  schema: z.ZodType<T>,
  kind: string,
  text: string,
  source: string,
): OperatorFileReading<T> {
  const { documents, faults } = readYamlDocuments(text);
  if (faults.length > 0) return { faults: faults.map((fault) => ({ source, path: '', ...fault })) };
  const [document, ...others] = documents.filter(({ value }) => value !== undefined);
  if (document === undefined || others.length > 0) {
    const reason =
      document === undefined ? `contains no ${kind}` : 'contains several documents: put all rules into one';
    return { faults: [{ source, path: '', reason }] };
  }
  const reading = readObject(schema, document.value);
  const found = [...reading.faults, ...reading.warnings].map(({ path, reason }): Fault => ({
    source,
    line: document.lineOf(path),
    path: formatPath(path),
    reason,
  }));
  if (found.length > 0 || reading.value === undefined) return { faults: found.slice(0, mostListed) };
  return { value: reading.value, faults: [] };
}
