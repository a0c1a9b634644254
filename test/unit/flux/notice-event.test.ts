import { noticeKinds } from '../../../src/domain/notices/notice';
import { noticeEvent } from '../../../src/flux/notice-event';

describe('the Flux event of a notice', () => {
  it('has the fields of Flux, in its order, and is not about a Pipeline', () => {
    const event = noticeEvent({
      kind: 'failed',
      namespace: 'apps',
      name: 'shop',
      message: 'Promotion failed: apps/shop: no.',
      fields: { environment: 'prod' },
      at: Date.parse('2026-11-23T07:59:37.891Z'),
    });
    expect(JSON.stringify(event)).toBe(
      '{"involvedObject":{"kind":"Promotion","namespace":"apps","name":"shop",' +
        '"apiVersion":"pipelines.weave.works/v1alpha1"},' +
        '"severity":"error","timestamp":"2026-11-23T07:59:37Z",' +
        '"message":"Promotion failed: apps/shop: no.","reason":"Failed",' +
        '"metadata":{"pipelines.weave.works/environment":"prod"},' +
        '"reportingController":"windlass"}',
    );
  });

  it('begins with words that no other one begins with, so that Alerts can select it', () => {
    const headings = Object.values(noticeKinds).map(({ heading }) => `${heading}:`);
    expect(
      headings.filter((each) => headings.some((other) => other !== each && other.startsWith(each))),
    ).toEqual([]);
    expect(new Set(headings).size).toBe(headings.length);
  });
});
