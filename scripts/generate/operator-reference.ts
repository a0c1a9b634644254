/** The reference of the operators' API for people, from its OpenAPI document. */
import { isDeepStrictEqual } from 'node:util';
import { code, markdownTable } from './markdown';

/** What the document's schemas consist of. */
interface Schema {
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface Operation {
  readonly summary: string;
  readonly description: string;
  readonly parameters?: readonly {
    readonly in: string;
    readonly name: string;
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content & { readonly description: string }>>;
}

/** The parts of an OpenAPI document that are shown. */
export interface ShownDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

type Schemas = ShownDocument['components']['schemas'];
type Row = readonly [field: string, type: string, meaning: string];

const refPrefix = '#/components/schemas/';
/** Answers of every route alike: the page describes them once. */
const errors = new Set(['Problem', 'BrokenRequest']);
const json = 'application/json';

/** A section for each request, in the document's order. */
export function requestSections({ paths, components: { schemas } }: ShownDocument): string {
  return Object.entries(paths)
    .flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) =>
        requestSection(method.toUpperCase(), path, operation, schemas),
      ),
    )
    .join('\n\n');
}

/** A section for each object that several answers have. */
export function objectSections({ components: { schemas } }: ShownDocument): string {
  return Object.entries(schemas)
    .filter(([name]) => !errors.has(name))
    .map(([name, schema]) => `### ${name}\n\n${fieldTable(schema, schemas)}`)
    .join('\n\n');
}

function requestSection(method: string, path: string, operation: Operation, schemas: Schemas): string {
  const { summary, description, parameters = [], requestBody, responses } = operation;
  const rows = parameters.map(({ in: place, name, required, schema }): readonly string[] => [
    code(name),
    place,
    typeOf(schema, required === true),
    meaningOf(schema),
  ]);
  const body = requestBody?.content?.[json]?.schema;
  const answer = responses['200']?.content;
  const [media] = Object.keys(answer ?? {});
  const codes = Object.entries(responses)
    .filter(([status]) => Number(status) >= 400)
    .flatMap(([, problem]) =>
      [...problem.description.matchAll(/`([a-z-]+)`:/g)].map(([, name = '']) => name),
    );
  return [
    `### ${method} ${path}`,
    `${summary}. ${description}`,
    `\`\`\`sh\n${exampleOf(method, path, parameters, body, schemas)}\n\`\`\``,
    ...(rows.length === 0 ? [] : [markdownTable([['parameter', 'in', 'type', 'meaning'], ...rows])]),
    ...(body === undefined ? [] : ['Body:', fieldTable(body, schemas)]),
    ...(media === json ? ['Answer:', answerOf(answer?.[json]?.schema ?? {}, schemas)] : []),
    ...(media === json ? [] : [`Answer: ${code(media ?? '')}, see [events](../api.md#events).`]),
    `Errors: ${codes.map(code).join(', ')}.`,
  ].join('\n\n');
}

function answerOf(schema: Schema, schemas: Schemas): string {
  return schema.$ref === undefined ? fieldTable(schema, schemas) : `${linkTo(schema.$ref)}.`;
}

function fieldTable(schema: Schema, schemas: Schemas): string {
  return markdownTable([['field', 'type', 'meaning'], ...fieldRows(schema, '', schemas)]);
}

/** A row for each field, with those of objects in it that have no name. */
function fieldRows(schema: Schema, prefix: string, schemas: Schemas): Row[] {
  const { properties = {}, required = [] } = schema;
  const base = baseOf(schema, schemas);
  const own = Object.entries(properties).filter(
    ([name, field]) => !isDeepStrictEqual(base?.schema.properties?.[name], field),
  );
  return [
    ...(base === undefined
      ? []
      : [
          [
            prefix === '' ? '' : code(prefix),
            '',
            `The fields of ${linkTo(refPrefix + base.name)}, and:`,
          ] as const,
        ]),
    ...own.flatMap(([name, field]) => {
      const path = `${prefix}${name}`;
      const row: Row = [code(path), typeOf(field, required.includes(name)), meaningOf(field)];
      const inner = field.items ?? field;
      const below = field.items === undefined ? `${path}.` : `${path}[].`;
      return [row, ...(inner.properties === undefined ? [] : fieldRows(inner, below, schemas))];
    }),
  ];
}

/** The object with a name whose fields this one has, and more; some of them may differ. */
function baseOf({ properties = {} }: Schema, schemas: Schemas) {
  const isShared = ([name, field]: readonly [string, Schema]): boolean =>
    isDeepStrictEqual(properties[name], field);
  const candidates = Object.entries(schemas).map(([name, schema]) => {
    const fields = Object.entries(schema.properties ?? {});
    return { name, schema, all: fields.length, shared: fields.filter(isShared).length };
  });
  const fitting = candidates.filter(
    ({ schema, all, shared }) =>
      all > 4 && shared >= all - 1 && !isDeepStrictEqual(schema.properties, properties),
  );
  return fitting.sort((a, b) => b.shared - a.shared)[0];
}

function typeOf(schema: Schema, isRequired: boolean): string {
  return isRequired ? nameOf(schema) : `${nameOf(schema)}, optional`;
}

function nameOf(schema: Schema): string {
  const { $ref, type, format, items, additionalProperties } = schema;
  if ($ref !== undefined) return linkTo($ref);
  if (type === 'array')
    return `list of ${items?.$ref === undefined ? `${nameOf(items ?? {})}s` : linkTo(items.$ref)}`;
  if (type === 'object' && typeof additionalProperties === 'object') {
    return `map of ${nameOf(additionalProperties)}s`;
  }
  return format === 'date-time' ? 'time' : (type ?? 'any');
}

function meaningOf({
  description,
  enum: values,
  items,
  default: value,
  minimum,
  maximum,
  maxItems,
}: Schema): string {
  const choice = values ?? items?.enum;
  const isBounded = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  return [
    ...(description === undefined ? [] : [sentence(description)]),
    ...(choice === undefined ? [] : [`One of ${choice.map((each) => code(String(each))).join(', ')}.`]),
    ...(isBounded ? [`From ${minimum ?? 0} to ${maximum}.`] : []),
    ...(maxItems === undefined ? [] : [`At most ${maxItems}.`]),
    ...(value === undefined ? [] : [`The default is ${code(JSON.stringify(value).replaceAll('"', ''))}.`]),
  ]
    .join(' ')
    .replaceAll('|', '\\|');
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function linkTo(ref: string): string {
  const name = ref.slice(refPrefix.length);
  return `[${name}](#${name.toLowerCase()})`;
}

function exampleOf(
  method: string,
  path: string,
  parameters: NonNullable<Operation['parameters']>,
  body: Schema | undefined,
  schemas: Schemas,
): string {
  const inPath = parameters.filter((each) => each.in === 'path');
  const filled = inPath.reduce(
    (url, { name, schema }) =>
      url.replace(`{${name}}`, encodeURIComponent(String(sampleOf(schema, schemas)))),
    path.replace('/api/v1', '$api'),
  );
  const words = [
    'curl',
    ...(method === 'GET' ? [] : [`-X ${method}`]),
    '-H "Authorization: Bearer $token"',
    ...(method === 'GET' ? [] : [`-H 'Idempotency-Key: 7f0c'`]),
    ...(body === undefined
      ? []
      : [`-H 'Content-Type: ${json}'`, `-d '${JSON.stringify(sampleOf(body, schemas))}'`]),
    `"${filled}"`,
  ];
  return words.join(' ');
}

/** The least that a schema takes. */
function sampleOf(schema: Schema, schemas: Schemas): unknown {
  const { $ref, examples, enum: values, type, properties = {}, required = [], items } = schema;
  if ($ref !== undefined) return sampleOf(schemas[$ref.slice(refPrefix.length)] ?? {}, schemas);
  if (examples?.[0] !== undefined) return examples[0];
  if (values?.[0] !== undefined) return values[0];
  if (type === 'array') return [sampleOf(items ?? {}, schemas)];
  if (type !== 'object') return '…';
  const fields = Object.entries(properties).filter(([name]) => required.includes(name));
  return Object.fromEntries(fields.map(([name, field]) => [name, sampleOf(field, schemas)]));
}
