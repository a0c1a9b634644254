import { type PromotionStorm, startPromotionStorm, untilThereAre } from '../support/budget/promotion-storm';

let storm: PromotionStorm | undefined;

afterEach(() => storm?.close());

it('500 promotions and their merge requests stay below 60 requests a minute with two workers, and none fails', async () => {
  const promotions = 500;
  storm = await startPromotionStorm({ promotions, workers: 2, limit: 60, windowMs: 4_000 });
  const { api, count, project } = storm;
  storm.mergeWhatIsProposed();
  await storm.report();
  expect(await untilThereAre(promotions, () => count('merged'), 300_000)).toBe(promotions);
  expect(await count('failed')).toBe(0);
  expect(api.violations).toEqual([]);
  expect(Math.max(...api.windows)).toBeLessThanOrEqual(60);
  expect(project.mergeRequests).toHaveLength(promotions);
}, 1_500_000);
