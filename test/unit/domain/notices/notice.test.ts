import { noticeOf, withPage } from '../../../../src/domain/notices/notice';
import { noon, pipelineRef } from '../../../support/events';

const merged = noticeOf('merged', pipelineRef, 'apps/shop: merged', { version: '1.1.0' }, noon);
const pageOf = (id: string) => `https://windlass.example.com/promotions/${encodeURIComponent(id)}`;

it('has the page of its promotion beside its other fields', () => {
  expect(withPage({ ...merged, promotionId: 'promotion/apps/shop' }, pageOf).fields).toEqual({
    version: '1.1.0',
    promotion: 'https://windlass.example.com/promotions/promotion%2Fapps%2Fshop',
  });
});

it('has no page without an address of the dashboard, or without a promotion', () => {
  expect(withPage({ ...merged, promotionId: 'p' }, undefined).fields).toEqual({ version: '1.1.0' });
  expect(withPage(merged, pageOf).fields).toEqual({ version: '1.1.0' });
});
