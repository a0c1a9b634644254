import { fluxEvent } from '../../../src/flux/promotion-notification';

const notification = {
  pipeline: { namespace: 'pipelines', name: 'my-app' },
  environment: 'staging',
  version: '1.2.4',
  at: Date.parse('2026-11-23T07:59:37.891Z'),
};

describe('the Flux event of a promotion', () => {
  it('has the fields of Flux, in its order', () => {
    expect(JSON.stringify(fluxEvent(notification))).toBe(
      '{"involvedObject":{"kind":"Pipeline","namespace":"pipelines","name":"my-app",' +
        '"apiVersion":"pipelines.weave.works/v1alpha1"},' +
        '"severity":"info","timestamp":"2026-11-23T07:59:37Z",' +
        '"message":"Promote pipeline pipelines/my-app to staging with version 1.2.4","reason":"Promote",' +
        '"metadata":{"pipelines.weave.works/environment":"staging","pipelines.weave.works/version":"1.2.4"},' +
        '"reportingController":"windlass"}',
    );
  });

  it("names the Pipeline's uid where it is known", () => {
    expect(Object.entries(fluxEvent({ ...notification, uid: 'u-1' }).involvedObject)).toEqual([
      ['kind', 'Pipeline'],
      ['namespace', 'pipelines'],
      ['name', 'my-app'],
      ['uid', 'u-1'],
      ['apiVersion', 'pipelines.weave.works/v1alpha1'],
    ]);
  });

  it('is the same for every attempt', () => {
    expect(fluxEvent(notification)).toEqual(fluxEvent({ ...notification }));
  });
});
