import { pullRequestText } from '../../../../src/activities/pull-request/pull-request-text';
import { type PromotionPage } from '../../../../src/activities/pull-request/pull-request-context';
import { type VersionChange } from '../../../../src/activities/pull-request/marked-files';
import { type PullRequestStyle } from '../../../../src/domain/pipeline/pipeline';
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
const at = (previous: string, next = '1.4.0', path = 'apps/staging/release.yaml') => ({
  path,
  line: 9,
  previous,
  next,
  warnings: [] as string[],
});

const temporalPage = { site: 'Temporal Web UI', url: 'http://ui/promotion' } as const;

const marked = (...changes: VersionChange[]) => ({ marked: changes, warnings: [] });
const textOf = (
  of: PromotionTask,
  application: string,
  versions: ReturnType<typeof marked>,
  promotionPage: PromotionPage | undefined,
  style: PullRequestStyle = {},
) => pullRequestText(of, versions, { application, style, promotionPage });

it('tells the reviewer what changes, from where and how far', () => {
  expect(textOf(task('1.4.0'), 'shop', marked(at('1.3.2')), temporalPage)).toMatchSnapshot();
});

it.each([
  ['1.3.2', '1.3.3', 'a patch upgrade'],
  ['1.3.2', '1.4.0', 'a minor upgrade'],
  ['1.3.2', '2.0.0', 'a major upgrade'],
  ['1.4.0-rc.1', '1.4.0-rc.2', 'a pre-release step'],
  ['1.4.0', '1.3.2', '**a downgrade**'],
  ['blue', 'green', 'versions without an order'],
])('calls %s to %s %s', (previous, version, words) => {
  expect(textOf(task(version), 'shop', marked(at(previous, version)), undefined).body).toContain(
    `: ${words}.\n`,
  );
});

it("carries the line by which Weave GitOps' user interface finds it, on a line of its own", () => {
  expect(textOf(task('1.4.0'), 'shop', marked(at('1.3.2')), undefined).body.split('\n')).toContain(
    'apps/shop/staging',
  );
});

it("links to the dashboard's page", () => {
  const page = { site: 'dashboard', url: 'https://windlass.example.com/promotions/a%2Fb' } as const;
  expect(textOf(task('1.4.0'), 'shop', marked(at('1.3.2')), page).body).toContain(
    '\n[The promotion in the dashboard](https://windlass.example.com/promotions/a%2Fb)\n',
  );
});

it('names no page where no address is configured', () => {
  expect(textOf(task('1.4.0'), 'shop', marked(at('1.3.2')), undefined).body).not.toContain('[The promotion');
});

it('lets nothing from outside become markup', () => {
  const { body } = textOf(
    task('1.4.0', { from: '<img src=x>@all [x](y)' }),
    '**shop**',
    marked(at('`1`', '1.4.0', 'a`b.yaml')),
    undefined,
  );
  const running = body.replace(/`[^`]*`/g, '');
  expect(running).not.toMatch(/<img|@all|\[x\]|\*/);
});

it('lists the first fifty of many changes', () => {
  const many = Array.from({ length: 60 }, (_, i) => at('1.3.2', '1.4.0', `f${i}.yaml`));
  const { body } = textOf(task('1.4.0'), 'shop', marked(...many), undefined);
  expect(body).toContain('f49.yaml');
  expect(body).not.toContain('f50.yaml');
  expect(body).toContain('- and 10 more');
});

it('shows in one line what was reported and what is written, where they differ', () => {
  const event = deployment({ version: '1.19.1', revision: '1.19.1+85ea00130562' });
  const { body } = textOf(task('1.19.1', { event }), 'shop', marked(at('v1.18.2', 'v1.19.1')), undefined);
  expect(body).toContain('| Reported as | `1.19.1+85ea00130562`, written as `v1.19.1` |\n');
});

it('shows each warning once, as text', () => {
  const change = { ...at('1.3.2'), warnings: ['Check the <b>digest</b>.'] };
  const { body } = textOf(task('1.4.0'), 'shop', marked(change, change), undefined);
  expect(body.match(/Before you merge:\n\n- `Check the <b>digest<\/b>\.`\n\n/g)).toHaveLength(1);
});

describe('with templates of the Pipeline', () => {
  const change = { ...at('1.3.2'), warnings: ['Check the digest.'] };
  const styled = (style: PullRequestStyle, of = task('1.4.0')) =>
    textOf(of, 'shop', marked(change), undefined, style);

  it('has its title', () => {
    const title = 'chore({application}): {version} into {environment}';
    expect(styled({ title }).title).toBe('chore(shop): 1.4.0 into staging');
  });

  it('has its body above the line of Weave GitOps, and the warnings all the same', () => {
    const body = 'From {previous} to **{version}**:\n\n{changes}\n\nCloses OPS-1.\n';
    expect(styled({ body }).body).toBe(
      [
        ...['From 1.3.2 to **1.4.0**:', ''],
        ...['- `apps/staging/release.yaml` line 9: `1.3.2` → `1.4.0`', '', 'Closes OPS-1.', ''],
        ...['Before you merge:', '', '- `Check the digest.`', '', 'apps/shop/staging', ''],
      ].join('\n'),
    );
  });

  it("can keep all of Windlass's own words, with the warnings once", () => {
    const whole = styled({}).body.replace(/\n\napps\/shop\/staging\n$/, '');
    expect(styled({ body: 'Read the runbook first.\n\n{body}' }).body).toBe(
      `Read the runbook first.\n\n${whole}\n\napps/shop/staging\n`,
    );
  });

  it('takes no markup from what an event or a manifest says', () => {
    const { body } = styled({ body: '{from} {version}' }, task('[x](y)', { from: '@all' }));
    expect(body).toContain('`@all` `[x](y)`\n');
  });
});
