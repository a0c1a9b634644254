import { compareOrder } from '../../../../src/domain/lane/order';
import {
  commitOrderOf,
  formatPromotionMessage,
  isOriginalsCommit,
  parsePromotionMessage,
  promotionTitle,
} from '../../../../src/domain/promotion/promotion-commit';
import { deployment, noon, pipelineRef } from '../../../support/events';

it('titles the pull request as the original did', () => {
  expect(promotionTitle(pipelineRef, 'staging', '1.4.0')).toBe('Promote apps/shop in staging to 1.4.0');
});

it.each([
  ['with a release number', deployment({ version: '1.4.0', release: 7 })],
  ['without a release number', deployment({ version: '1.4.0' })],
  [
    'of a first install, whose number says nothing about order',
    deployment({ version: '1.4.0', release: 1, install: true }),
  ],
  [
    'of a reporter with a strange name',
    deployment({ version: '1.4.0', reporter: 'a b\nWindlass-Version: 9' }),
  ],
])('what it writes of an event %s, it reads', (_, event) => {
  expect(parsePromotionMessage(formatPromotionMessage(pipelineRef, 'staging', event))).toEqual({
    pipeline: 'apps/shop',
    environment: 'staging',
    version: '1.4.0',
    order: commitOrderOf(event),
  });
});

it('is the same text for the same event, whoever asks', () => {
  const event = deployment({ version: '1.4.0', release: 7 });
  expect(formatPromotionMessage(pipelineRef, 'staging', event)).toBe(
    formatPromotionMessage(pipelineRef, 'staging', { ...event }),
  );
});

it.each([
  'Fix a typo',
  'promoting version',
  'Windlass-Pipeline: apps/shop\nWindlass-Environment: staging',
  'Windlass-Pipeline: a/b\nWindlass-Environment: c\nWindlass-Version: 1\nWindlass-Order: yesterday',
])('reads no promotion out of %j', (message) => {
  expect(parsePromotionMessage(message)).toBeUndefined();
});

it("knows pipeline-controller's commits", () => {
  expect(isOriginalsCommit({ author: 'Promotion Server <p@s>', message: 'promoting version\n' })).toBe(true);
  expect(isOriginalsCommit({ author: 'Jo <jo@example.org>', message: 'promoting version' })).toBe(false);
});

it('keeps order across commits: by release for one reporter, by time for two', () => {
  const order = (release: number, at: number, reporter = 'a') =>
    commitOrderOf(deployment({ version: '1.0.0', release, at, reporter }));
  expect(compareOrder(order(2, noon), order(1, noon + 1))).toBeGreaterThan(0);
  expect(compareOrder(order(2, noon, 'a'), order(1, noon + 1, 'b'))).toBeLessThan(0);
});
