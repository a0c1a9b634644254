import { openApiDocument } from '../../../src/operator/openapi';
import { pipelineOfPromotion } from '../../../src/operator/promotion-id';
import { basePath, type Route, routes } from '../../../src/operator/routes';

it('describes every route of the table, and says which right it needs', () => {
  const { paths } = openApiDocument();
  for (const [name, route] of Object.entries<Route>(routes)) {
    expect(paths?.[basePath + route.path]?.[route.method]).toMatchObject({
      operationId: name,
      description: expect.stringMatching(/^Needs .+\.$/),
      responses: { '200': expect.anything(), '401': expect.anything(), '503': expect.anything() },
    });
  }
});

it('is the same text each time', () => {
  expect(JSON.stringify(openApiDocument())).toBe(JSON.stringify(openApiDocument()));
});

it('two routes never have the same method and path', () => {
  const all = Object.values<Route>(routes).map(
    ({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, '*')}`,
  );
  expect(new Set(all).size).toBe(all.length);
});

it.each([
  ['promotion/apps/shop/prod/1.2.0/0123456789ab', { namespace: 'apps', name: 'shop' }],
  ['promotion/apps/shop/prod', { namespace: 'apps', name: 'shop' }],
  ['lane/apps/shop/prod', undefined],
  ['promotion/apps/shop/', undefined],
  ['promotion/Apps/shop/prod/1', undefined],
  ['promotion/apps/../prod/1', undefined],
])('the Pipeline of the promotion %s', (id, pipeline) => {
  expect(pipelineOfPromotion(id)).toEqual(pipeline);
});
