/** The OpenAPI document of the operators' API, and the page of its routes. */
import { describeRight, openApiDocument } from '../../src/operator/openapi';
import { basePath, type Route, routes } from '../../src/operator/routes';
import { problems } from '../../src/operator/schemas/problem';
import { type Generator } from './generated-file';
import { code, markdownTable, replaceGenerated } from './markdown';
import { objectSections, requestSections, type ShownDocument } from './operator-reference';

const documentFile = 'docs/reference/openapi.json';
const routesPage = 'docs/reference/api.md';

export const generateFromRoutes: Generator = (committed) => {
  const document = openApiDocument();
  const shown = document as unknown as ShownDocument;
  const sections: Readonly<Record<string, string>> = {
    routes: routeTable(),
    problems: problemTable(),
    requests: requestSections(shown),
    objects: objectSections(shown),
  };
  let page = committed(routesPage);
  for (const [name, content] of Object.entries(sections)) page = replaceGenerated(page, name, content);
  return [
    { path: documentFile, text: `${JSON.stringify(document, undefined, 2)}\n` },
    { path: routesPage, text: page },
  ];
};

function routeTable(): string {
  return markdownTable([
    ['request', 'what it does', 'needs'],
    ...Object.values<Route>(routes).map((route) => [
      code(`${route.method.toUpperCase()} ${basePath}${route.path}`),
      route.summary,
      describeRight(route.right),
    ]),
  ]);
}

function problemTable(): string {
  return markdownTable([
    ['code', 'status', 'meaning'],
    ...Object.entries(problems).map(([name, { status, meaning }]) => [code(name), String(status), meaning]),
  ]);
}
