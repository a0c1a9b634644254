import { tokenUser } from '../support/fake-gitlab/model';
import { type PromotionStorm, startPromotionStorm, untilThereAre } from '../support/budget/promotion-storm';

let storm: PromotionStorm | undefined;

afterEach(() => storm?.close());

it('promotions and what follows them stay below the limit of a service with two workers, and none fails', async () => {
  const promotions = 40;
  storm = await startPromotionStorm({ promotions, workers: 2, limit: 60, windowMs: 4_000 });
  const { api, count } = storm;
  storm.mergeWhatIsProposed();
  await storm.report();
  expect(await untilThereAre(promotions, () => count('merged'), 60_000)).toBe(promotions);
  expect(await count('failed')).toBe(0);
  expect(api.violations).toEqual([]);
  expect(Math.max(...api.windows)).toBeLessThanOrEqual(60);
  expect(api.mostAtOnce).toBeLessThanOrEqual(10);
}, 240_000);

it('merge requests that must be up to date are merged one by one, and none is updated before its turn', async () => {
  const promotions = 5;
  storm = await startPromotionStorm({
    promotions,
    workers: 2,
    limit: 600,
    windowMs: 10_000,
    mergesUpToDate: true,
  });
  const { count, project, pushes } = storm;
  await storm.report();
  expect(await untilThereAre(promotions, () => count('merged'), 60_000)).toBe(promotions);
  expect(project.mergeRequests.map(({ end }) => end?.by)).toEqual(
    Array.from({ length: promotions }, () => tokenUser),
  );
  // Each is pushed once to be proposed, and at most once more at its turn; the first never.
  expect(pushes.length).toBeLessThan(2 * promotions);
}, 240_000);
