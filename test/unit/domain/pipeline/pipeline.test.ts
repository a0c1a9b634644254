import {
  findHop,
  formatPipelineRef,
  type Pipeline,
  type PromotionBlock,
} from '../../../../src/domain/pipeline/pipeline';

const notification: PromotionBlock = { manual: false, strategy: { kind: 'notification' } };
const manual: PromotionBlock = { ...notification, manual: true };

const pipelineOf = (
  environments: readonly { name: string; promotion?: PromotionBlock }[],
  promotion?: PromotionBlock,
): Pipeline => ({
  namespace: 'apps',
  name: 'shop',
  appRef: { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', name: 'shop' },
  environments: environments.map((environment) => ({ targets: [{ namespace: 'shop' }], ...environment })),
  allowUnsigned: false,
  ...(promotion === undefined ? {} : { promotion }),
});

describe('the hop that an event takes', () => {
  const pipeline = pipelineOf(
    [{ name: 'dev' }, { name: 'staging' }, { name: 'prod', promotion: manual }],
    notification,
  );

  it("leads into the next environment by the pipeline's block", () => {
    expect(findHop(pipeline, 'dev')).toMatchObject({
      found: true,
      hop: { from: { name: 'dev' }, to: { name: 'staging' }, promotion: notification },
    });
  });

  it("takes the next environment's own block as a whole, where it has one", () => {
    expect(findHop(pipeline, 'staging')).toMatchObject({ found: true, hop: { promotion: manual } });
  });

  it("does not take the source environment's block", () => {
    const own = pipelineOf([{ name: 'dev', promotion: manual }, { name: 'prod' }]);
    expect(findHop(own, 'dev')).toEqual({ found: false, reason: 'no-promotion' });
  });

  it.each([
    ['prod', 'last-environment'],
    ['test', 'no-such-environment'],
    ['', 'no-such-environment'],
    ['Dev', 'no-such-environment'],
  ])('from %p is none: %s', (environment, reason) => {
    expect(findHop(pipeline, environment)).toEqual({ found: false, reason });
  });
});

it('a pipeline is known as namespace/name', () => {
  expect(formatPipelineRef({ namespace: 'apps', name: 'shop' })).toBe('apps/shop');
});
