import { pullRequestText } from '../../../../src/activities/pull-request/pull-request-text';
import { type PromotionTask } from '../../../../src/domain/promotion/promotion';
import { deployment, pipelineRef } from '../../../support/events';

const task = (version: string, overrides: Partial<PromotionTask> = {}): PromotionTask => ({
  action: 'promote',
  pipeline: pipelineRef,
  from: 'dev',
  to: 'staging',
  version,
  event: deployment({ version }),
  ...overrides,
});
const at = (previous: string, path = 'apps/staging/release.yaml') => ({ path, line: 9, previous });

it('tells the reviewer what changes, from where and how far', () => {
  expect(pullRequestText(task('1.4.0'), 'shop', [at('1.3.2')], 'http://ui/promotion')).toMatchSnapshot();
});

it.each([
  ['1.3.2', '1.3.3', 'a patch upgrade'],
  ['1.3.2', '1.4.0', 'a minor upgrade'],
  ['1.3.2', '2.0.0', 'a major upgrade'],
  ['1.4.0-rc.1', '1.4.0-rc.2', 'a pre-release step'],
  ['1.4.0', '1.3.2', '**a downgrade**'],
  ['blue', 'green', 'versions without an order'],
])('calls %s to %s %s', (previous, version, words) => {
  expect(pullRequestText(task(version), 'shop', [at(previous)], undefined).body).toContain(`: ${words}.\n`);
});

it("carries the line by which Weave GitOps' user interface finds it, on a line of its own", () => {
  expect(pullRequestText(task('1.4.0'), 'shop', [at('1.3.2')], undefined).body.split('\n')).toContain(
    'apps/shop/staging',
  );
});

it('names no page where no address is configured', () => {
  expect(pullRequestText(task('1.4.0'), 'shop', [at('1.3.2')], undefined).body).not.toContain('Temporal');
});

it('lets nothing from outside become markup', () => {
  const { body } = pullRequestText(
    task('1.4.0', { from: '<img src=x>@all [x](y)' }),
    '**shop**',
    [at('`1`', 'a`b.yaml')],
    undefined,
  );
  const running = body.replace(/`[^`]*`/g, '');
  expect(running).not.toMatch(/<img|@all|\[x\]|\*/);
});

it('lists the first fifty of many changes', () => {
  const many = Array.from({ length: 60 }, (_, i) => at('1.3.2', `f${i}.yaml`));
  const { body } = pullRequestText(task('1.4.0'), 'shop', many, undefined);
  expect(body).toContain('f49.yaml');
  expect(body).not.toContain('f50.yaml');
  expect(body).toContain('- and 10 more');
});
