/** What people look at, and what they decide about one promotion. */
import { eventually } from '../eventually';
import { pathOf, release, repository } from '../installation';
import { ended, laneState } from '../lane-outcomes';
import { done, forbidden, openTitles, proposed, type Scenario, shows } from './task';

const waitsForApproval = /prod waits for 1\.4\.0: .*approval/;

export const decisions: Readonly<Record<string, Scenario>> = {
  'What runs where': async (operators, { commands: [list = ''] }) => {
    await operators.report('prod', '1.3.0');
    await operators.report('dev', '1.4.0');
    await shows(
      operators,
      'vera',
      list,
      /^apps\/shop +dev +1\.4\.0 +- +- /m,
      /^apps\/shop +staging +- +1\.4\.0 +pull-request .* staging waits for the merge of 1\.4\.0/m,
      /^apps\/shop +prod +1\.3\.0 +- +- /m,
    );
  },

  'What waits, and why': async (operators, { commands: [list = '', why = ''] }) => {
    await operators.deliver('staging', '1.4.0');
    const { out } = await shows(
      operators,
      'vera',
      list,
      /^apps\/shop +prod +1\.3\.0 +1\.4\.0 +waiting-for-approval/m,
    );
    expect(out.trim().split('\n')).toHaveLength(2);
    const approve = 'windlass approve apps/shop prod 1.4.0';
    const hers = await shows(operators, 'vera', why, waitsForApproval);
    expect(sectionOf(hers.out, 'You can')).toBe('');
    expect(sectionOf(hers.out, 'Someone with more permissions can')).toContain(approve);
    const his = await shows(operators, 'ada', why, waitsForApproval);
    expect(sectionOf(his.out, 'You can')).toContain(approve);
    expect(sectionOf(his.out, 'Someone with more permissions can')).toContain('windlass override');
  },

  Approve: async (operators, { commands: [approve = ''] }) => {
    await forbidden(operators, 'vera', approve, 'approve');
    await shows(operators, 'vera', 'windlass why apps/shop prod', waitsForApproval);
    expect(openTitles(operators)).toEqual([]);
    expect(await done(operators, 'ada', approve)).toContain('1.4.0 is approved. 1 of 1 approval: token:ada.');
    await proposed(operators, 'prod', '1.4.0');
  },

  Reject: async (operators, { commands: [reject = ''] }) => {
    const cancelled = await operators.as('rob', 'windlass cancel apps/shop prod 1.4.0 --wait');
    expect([cancelled.code, cancelled.err]).toEqual([0, expect.stringContaining('cancelled')]);
    await done(operators, 'rob', 'windlass promote apps/shop prod 1.4.0');
    await shows(operators, 'ada', 'windlass why apps/shop prod', waitsForApproval);
    await forbidden(operators, 'vera', reject, 'approve');
    await shows(operators, 'vera', 'windlass why apps/shop prod', waitsForApproval);
    expect(await done(operators, 'ada', reject)).toMatch(/1\.4\.0 is not promoted into prod.*held/);
    await shows(operators, 'vera', 'windlass get pipelines --state held', /prod .*held: 1\.4\.0/);
    await operators.report('staging', '1.4.0');
    await eventually(async () => {
      const { dropped } = await laneState(operators.installation, 'prod');
      expect(dropped?.[0]?.reason).toBe('held');
    });
  },

  'Run a failed promotion again': async (operators, { commands: [retry = ''] }) => {
    const { installation } = operators;
    const { forge } = installation;
    await forge.commit(repository, 'main', { [pathOf('staging')]: 'kind: HelmRelease\n' }, 'Drop the marker');
    await operators.report('dev', '1.4.0');
    await ended(installation, '1.4.0', 'failed');
    await forbidden(operators, 'vera', retry, 'promote');
    const fixed = { [pathOf('staging')]: release('staging', '1.3.0') };
    await forge.commit(repository, 'main', fixed, 'Add the marker');
    const { out } = await shows(
      operators,
      'rob',
      'windlass why apps/shop staging',
      /Reason:\n +No manifest .* has the marker/,
    );
    expect(sectionOf(out, 'You can')).toContain(retry);
    expect(await done(operators, 'rob', retry)).toContain(
      'Running the promotion of 1.4.0 into staging again.',
    );
    await proposed(operators, 'staging', '1.4.0');
    const again = await operators.as('rob', retry);
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('Nothing to retry')]);
  },

  'Cancel a promotion': async (operators, { commands: [cancel = ''] }) => {
    await ended(operators.installation, '1.4.0', 'pull-request');
    expect(await done(operators, 'rob', cancel)).toContain('An open pull request stays open.');
    await ended(operators.installation, '1.4.0', 'cancelled');
    await proposed(operators, 'staging', '1.4.0');
    await shows(
      operators,
      'vera',
      'windlass audit --kind cancel-requested',
      /staging +1\.4\.0 +token:rob +Wrong chart/,
    );
  },
};

/** The lines below a title, up to the next empty one. */
function sectionOf(out: string, title: string): string {
  const [, after = ''] = out.split(`\n${title}:\n`);
  const [section = ''] = after.split('\n\n');
  return section;
}
