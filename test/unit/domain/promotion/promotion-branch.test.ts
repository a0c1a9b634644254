import { placeOnBranch } from '../../../../src/domain/promotion/promotion-branch';
import { commitOrderOf, formatPromotionMessage } from '../../../../src/domain/promotion/promotion-commit';
import { deployment, pipelineRef } from '../../../support/events';

const event = deployment({ version: '1.4.0', release: 4 });
const ours = {
  branch: 'promotion-apps-shop-staging',
  pipeline: 'apps/shop',
  environment: 'staging',
  version: event.version,
  order: commitOrderOf(event),
};
const promotion = (
  version: string,
  release: number,
  { environment = 'staging', onto }: { environment?: string; onto?: 'base' | 'branch' } = {},
) => ({
  id: version,
  author: 'Windlass <w>',
  message: formatPromotionMessage(pipelineRef, environment, deployment({ version, release }), {
    ...(onto === undefined ? {} : { onto }),
  }),
});
const review = { id: 'r', author: 'Jo <jo@example.org>', message: 'Raise the memory limit' };
const dropped = { id: 'd', author: 'Jo <jo@example.org>', message: 'Bad merge to be dropped' };
const originals = { id: 'o', author: 'Promotion Server <p@s>', message: 'promoting version' };

it.each([
  ['that does not exist or is merged', [], false, { kind: 'replace' }],
  ['that holds an older promotion', [promotion('1.3.0', 3)], true, { kind: 'replace' }],
  ['that holds this promotion', [promotion('1.4.0', 4)], true, { kind: 'replace' }],
  ['that holds a newer deployment of the same version', [promotion('1.4.0', 5)], true, { kind: 'replace' }],
  ['that holds a newer promotion', [promotion('1.5.0', 5)], true, { kind: 'superseded', by: '1.5.0' }],
  ['with a review on top of an open pull request', [review, promotion('1.3.0', 3)], true, { kind: 'append' }],
  [
    'with a review between two of ours, of a version that did not say where it put them',
    [promotion('1.3.0', 3), review, promotion('1.2.0', 2)],
    true,
    { kind: 'append' },
  ],
  [
    'with ours on top of a review',
    [promotion('1.3.0', 3, { onto: 'branch' }), review, promotion('1.2.0', 2, { onto: 'base' })],
    true,
    { kind: 'append' },
  ],
  [
    'with ours on a commit that the base dropped',
    [promotion('1.3.0', 3), dropped],
    true,
    { kind: 'replace' },
  ],
  [
    'with ours on a history that was purged, with a promotion in it',
    [promotion('1.3.0', 3, { onto: 'base' }), dropped, promotion('1.2.0', 2, { onto: 'base' }), dropped],
    true,
    { kind: 'replace' },
  ],
  [
    'with ours on a dropped promotion into another environment',
    [promotion('1.3.0', 3, { onto: 'base' }), promotion('1.4.0', 4, { environment: 'prod' })],
    true,
    { kind: 'replace' },
  ],
  [
    'with a review on top of ours on a dropped commit',
    [review, promotion('1.3.0', 3, { onto: 'base' }), dropped],
    true,
    { kind: 'append' },
  ],
  ['that pipeline-controller left on a dropped commit', [originals, dropped], true, { kind: 'replace' }],
  ['with a review whose pull request is closed', [review, promotion('1.3.0', 3)], false, { kind: 'replace' }],
  [
    'with a review on top of a newer one',
    [review, promotion('1.5.0', 5)],
    true,
    { kind: 'superseded', by: '1.5.0' },
  ],
  ['that pipeline-controller left', [originals], true, { kind: 'replace' }],
])('a branch %s', (_, ahead, open, placement) => {
  expect(placeOnBranch(ahead, ours, open)).toEqual(placement);
});

it.each([
  ['has only commits of someone else', [review], 'has commits that no promotion made'],
  [
    'belongs to another environment',
    [promotion('1.3.0', 3, { environment: 'prod' })],
    'belongs to the promotions of apps/shop into prod',
  ],
  [
    'another environment has taken over',
    [promotion('1.3.0', 3, { environment: 'prod' }), promotion('1.4.0', 4)],
    'into prod',
  ],
])('a branch that %s is left alone', (_, ahead, sentence) => {
  expect(() => placeOnBranch(ahead, ours, true)).toThrow(sentence);
});
