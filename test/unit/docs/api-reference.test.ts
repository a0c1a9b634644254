/** docs/reference/api.md against the OpenAPI document that the server gives. */
import { readFileSync } from 'node:fs';
import { openApiDocument } from '../../../src/operator/openapi';
import { basePath, type Route, routes } from '../../../src/operator/routes';

interface Described {
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Described>>;
}

const page = readFileSync('docs/reference/api.md', 'utf8');
const document = JSON.parse(JSON.stringify(openApiDocument())) as {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly parameters?: readonly { readonly name: string; readonly schema: Described }[];
            readonly requestBody?: {
              readonly content: Readonly<Record<string, { readonly schema: Described }>>;
            };
          }
        >
      >
    >
  >;
  readonly components: { readonly schemas: Readonly<Record<string, Described>> };
};

/** Of the page, with its heading. */
function sectionOf(heading: string): string {
  const [, section] = page.split(`\n### ${heading}\n`);
  return (section ?? '').split(/\n#{2,3} /)[0] ?? '';
}

describe.each(Object.values<Route>(routes).map((route) => [route.method, basePath + route.path] as const))(
  '%s %s',
  (method, path) => {
    const section = sectionOf(`${method.toUpperCase()} ${path}`);
    const { parameters = [], requestBody } = document.paths[path]?.[method] ?? {};
    const body = requestBody?.content['application/json']?.schema.properties ?? {};

    it('has a section with an example', () => {
      expect(section).toContain('curl ');
      expect(section).toContain('Errors: `');
    });

    it('names every parameter and field that can be sent, and says what it means', () => {
      const sent = [
        ...parameters.map(({ name, schema }) => [name, schema] as const),
        ...Object.entries(body),
      ];
      for (const [name, { description, enum: values }] of sent) {
        expect(section).toContain(`| \`${name}\``);
        expect([name, description ?? values]).not.toEqual([name, undefined]);
      }
    });
  },
);

it.each(Object.entries(document.components.schemas).filter(([name]) => !/Problem|BrokenRequest/.test(name)))(
  'the section of %s has all of its fields',
  (name, { properties = {} }) => {
    const section = sectionOf(name);
    for (const field of Object.keys(properties)) expect(section).toContain(`| \`${field}\``);
  },
);
