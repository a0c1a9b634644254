/** Which version an environment has, and what the record says about it. */
/* eslint-disable jest/no-standalone-expect -- the scenarios run in test/e2e/operations.test.ts */
import { eventually } from '../eventually';
import { laneState } from '../lane-outcomes';
import { done, forbidden, openTitles, proposed, type Scenario, shows } from './task';

export const versions: Readonly<Record<string, Scenario>> = {
  'Roll back prod, and keep it there': async (operators, { commands: [list = '', rollback = ''] }) => {
    const listed = await operators.as('rob', list);
    expect([listed.code, listed.out]).toEqual([0, expect.stringMatching(/^1\.3\.0 +\S+ ago\n$/)]);
    await forbidden(operators, 'vera', rollback, 'rollback');
    expect(await done(operators, 'rob', rollback)).toMatch(/Rolling prod back to 1\.3\.0.*1\.4\.1, 1\.4\.2/);
    await shows(operators, 'rob', 'windlass why apps/shop prod', /prod waits for 1\.3\.0: .*approval/);
    await done(operators, 'ada', 'windlass approve apps/shop prod 1.3.0');
    await proposed(operators, 'prod', '1.3.0');
    await operators.deliver('prod', '1.3.0');

    await operators.report('staging', '1.4.1');
    await eventually(async () => {
      const { dropped } = await laneState(operators.installation, 'prod');
      expect(dropped?.[0]).toMatchObject({ version: '1.4.1', reason: 'held' });
    });
    expect(openTitles(operators)).toEqual([]);
    await shows(
      operators,
      'vera',
      'windlass get pipelines',
      /prod +1\.3\.0 +- +deployed .*held: 1\.4\.2, 1\.4\.1/,
    );
  },

  'Promote a version that is held': async (operators, { commands: [promote = ''] }) => {
    const why = 'windlass why apps/shop prod';
    await done(operators, 'rob', promote);
    await shows(operators, 'rob', why, /prod waits for 1\.4\.0/);
    await done(operators, 'ada', 'windlass reject apps/shop prod 1.4.0 --comment Wait');
    await shows(operators, 'rob', why, /held: .*1\.4\.0/, promote);
    await forbidden(operators, 'vera', promote, 'promote');
    expect(await done(operators, 'rob', promote)).toContain('Promoting 1.4.0 into prod.');
    await shows(operators, 'rob', why, /prod waits for 1\.4\.0: .*approval/);
  },

  'Who approved what last quarter': async (operators, { commands: [audit = ''] }) => {
    const printed = await done(operators, 'vera', audit);
    const [header, ...lines] = printed.trim().split('\n');
    expect(header).toBe('at,kind,namespace,pipeline,environment,version,head,by,groups,via,from,detail');
    const approval = (version: string): unknown =>
      expect.stringMatching(
        RegExp(`^20[^,]+Z,approved,apps,shop,prod,${version},[^,]*,token:ada,,token,127\\.0\\.0\\.1,$`),
      );
    expect(lines).toEqual([approval('1.3.0'), approval('1.4.1'), approval('1.4.0')]);
  },

  'Was an event lost': async (operators, { commands: [list = ''] }) => {
    const { out } = await shows(operators, 'vera', list, /^apps\/shop +prod +1\.3\.0 +1\.4\.0 /m);
    expect(out).not.toMatch(/dev|staging/);
    const lost = list.replace('1.4.0', '1.5.0');
    expect(await operators.as('vera', lost)).toEqual({ code: 0, out: '', err: 'No Pipelines found.\n' });
    await operators.report('dev', '1.5.0');
    await shows(
      operators,
      'vera',
      lost,
      /^apps\/shop +dev +1\.5\.0/m,
      /^apps\/shop +staging +1\.4\.1 +1\.5\.0/m,
    );
  },
};
