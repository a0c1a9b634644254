import { pipelineOfPromotion } from '../../../dashboard/src/api/promotion-id';
import * as paths from '../../../dashboard/src/paths';

it.each([
  'promotion/apps/shop/prod/1.4.0/665fe540a70c',
  'promotion/apps/shop/100% prod?/1.4.0+b%2F/665fe540a70c',
  'promotion/apps/shop/é#ü/1.4.0%25/665fe540a70c',
])('the id %s comes back from its path as it was', (id) => {
  const { pathname } = new URL(paths.promotion(id), 'https://windlass.example.com');
  expect(paths.promotionIdIn(pathname)).toBe(id);
});

it.each(['/promotions/', '/promotions/a/b', '/promotions/%', '/pipelines/a', '/'])(
  '%s is the path of no promotion',
  (pathname) => {
    expect(paths.promotionIdIn(pathname)).toBeUndefined();
  },
);

it('knows the Pipeline of a promotion by its id', () => {
  expect(pipelineOfPromotion('promotion/apps/shop/prod/1.4.0/665f')).toEqual({
    namespace: 'apps',
    name: 'shop',
  });
  expect(pipelineOfPromotion('lane/apps/shop/prod')).toEqual({ namespace: '', name: '' });
});
