/** Holds requests and answers against a service's published description: Swagger 2 or OpenAPI 3, in JSON. */
import Ajv2019, { type ValidateFunction } from 'ajv/dist/2019';

type Json = Readonly<Record<string, unknown>>;

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly type?: string;
  readonly enum?: readonly string[];
  /** Swagger has it for bodies only, OpenAPI for all. */
  readonly schema?: Json & { readonly type?: string; readonly enum?: readonly string[] };
}

interface Content {
  readonly schema?: Json;
  readonly content?: Readonly<Record<string, { readonly schema?: Json }>>;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content & { readonly required?: boolean };
  readonly responses: Readonly<Record<string, Content>>;
}

export interface ApiDescription {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  /** Swagger's schemas. */
  readonly definitions?: Readonly<Record<string, Json>>;
  /** OpenAPI's. */
  readonly components?: { readonly schemas?: Readonly<Record<string, Json>> };
}

export interface DescribedRequest {
  readonly method: string;
  /** With its query. */
  readonly url: string;
  /** Undefined: there is none. */
  readonly body: unknown;
}

/** Each answers with what is wrong; undefined: nothing. */
export interface DescribedApi {
  requestFault(request: DescribedRequest): string | undefined;
  answerFault(request: DescribedRequest, status: number, body: unknown): string | undefined;
}

/** Of the schemas' ids. */
const base = 'http://described/';

/** Stricter than the services, which drop what they do not know: no field and no parameter is taken that is not described. */
export function describedApi(description: ApiDescription): DescribedApi {
  const compile = compiler(description.definitions ?? description.components?.schemas ?? {});
  const templates = Object.entries(description.paths).map(([path, operations]) => ({
    path,
    pattern: patternOf(path),
    operations,
  }));
  const find = ({ method, url }: DescribedRequest): Operation | undefined => {
    const path = new URL(url, base).pathname;
    const found = templates.filter(({ pattern }) => pattern.test(path));
    return found.map(({ operations }) => operations[method.toLowerCase()]).find((each) => each !== undefined);
  };
  const faultOf = (schema: Json, value: unknown): string | undefined => {
    const validate = compile(schema);
    if (validate(value)) return undefined;
    const [error] = validate.errors ?? [];
    const unknownName = (error?.params as { unevaluatedProperty?: string } | undefined)?.unevaluatedProperty;
    return `${error?.instancePath ?? ''} ${error?.message ?? ''} ${unknownName ?? ''}`.trim();
  };

  return {
    requestFault: (request) => {
      const operation = find(request);
      if (operation === undefined) return `${request.method} ${request.url} is not described`;
      const { parameters = [], requestBody } = operation;
      const query = new URL(request.url, base).searchParams;
      const faults = queryFaults(parameters, query);
      if (faults[0] !== undefined) return faults[0];
      const inBody = parameters.find((each) => each.in === 'body');
      const schema = inBody?.schema ?? (requestBody === undefined ? undefined : schemaOf(requestBody));
      if (request.body === undefined)
        return inBody?.required === true || requestBody?.required === true ? 'a body is missing' : undefined;
      return schema === undefined ? 'a body is not described' : faultOf(schema, request.body);
    },
    answerFault: (request, status, body) => {
      const response = find(request)?.responses[String(status)];
      if (response === undefined) return `${status} is not described for ${request.method} ${request.url}`;
      const schema = schemaOf(response);
      return schema === undefined ? undefined : faultOf(schema, body);
    },
  };
}

function schemaOf({ schema, content }: Content): Json | undefined {
  return schema ?? content?.['application/json']?.schema;
}

/** Paths differ in upper and lower case between the parts of one description. */
function patternOf(path: string): RegExp {
  const steps = path
    .split('/')
    .map((step) => step.replace(/[.*+?^$|()[\]\\]/g, '\\$&').replace(/\{[^}]*\}/g, '[^/]+'));
  return new RegExp(`^${steps.join('/')}$`, 'i');
}

function queryFaults(parameters: readonly Parameter[], query: URLSearchParams): readonly string[] {
  const known = parameters.filter((each) => each.in === 'query');
  const missing = known
    .filter(({ name, required }) => required === true && !query.has(name))
    .map(({ name }) => `the parameter ${name} is missing`);
  const given = [...query].flatMap(([name, value]) => {
    const parameter = known.find((each) => each.name === name);
    if (parameter === undefined) return [`the parameter ${name} is not described`];
    return isValue(parameter, value) ? [] : [`the parameter ${name} cannot be ${value}`];
  });
  return [...missing, ...given];
}

function isValue({ type, enum: values, schema }: Parameter, value: string): boolean {
  const kind = type ?? schema?.type;
  const allowed = values ?? schema?.enum;
  if (allowed !== undefined && !allowed.includes(value)) return false;
  if (kind === 'integer' || kind === 'number') return /^-?\d+$/.test(value);
  return kind !== 'boolean' || value === 'true' || value === 'false';
}

/**
 * Each schema is there twice: open, for those that extend it, and closed to fields that it does not have, for all uses.
 */
function compiler(definitions: Readonly<Record<string, Json>>): (schema: Json) => ValidateFunction {
  const ajv = new Ajv2019({ strict: false, validateFormats: false });
  for (const [name, definition] of Object.entries(definitions)) {
    ajv.addSchema(withReferences(definition, 'closed') as Json, `${base}open/${name}`);
    const isObject = 'properties' in definition || 'allOf' in definition;
    const closed =
      isObject && !('additionalProperties' in definition) ? { unevaluatedProperties: false } : {};
    ajv.addSchema({ $ref: `${base}open/${name}`, ...closed }, `${base}closed/${name}`);
  }
  const compiled = new Map<Json, ValidateFunction>();
  return (schema) => {
    const validate = compiled.get(schema) ?? ajv.compile(withReferences(schema, 'closed') as Json);
    compiled.set(schema, validate);
    return validate;
  };
}

function withReferences(schema: unknown, kind: 'open' | 'closed'): unknown {
  if (Array.isArray(schema)) return schema.map((each) => withReferences(each, kind));
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([key, value]): [string, unknown] => {
    if (key === '$ref' && typeof value === 'string')
      return [key, `${base}${kind}/${value.split('/').at(-1) ?? ''}`];
    return [key, withReferences(value, key === 'allOf' ? 'open' : 'closed')];
  });
  const copy: Record<string, unknown> = Object.fromEntries(entries);
  // OpenAPI 3.0 and Swagger's extension for it.
  const isNullable = copy['nullable'] === true || copy['x-nullable'] === true;
  delete copy['nullable'];
  return isNullable ? { anyOf: [{ type: 'null' }, copy] } : copy;
}
