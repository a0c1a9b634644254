/** What people hold, and open. */
import { done, forbidden, openTitles, proposed, type Scenario, shows } from './task';

export const freezes: Readonly<Record<string, Scenario>> = {
  'Freeze everything for the holidays': async (operators, { commands: [freeze = '', list = ''] }) => {
    await forbidden(operators, 'vera', freeze, 'freeze');
    const [name] = /apps\/windlass-\w+/.exec(await done(operators, 'rob', freeze)) ?? [];
    await shows(
      operators,
      'vera',
      list,
      RegExp(`^${name} +yes .* 2100-01-04T06:00:00Z .* token:rob +Holidays`, 'm'),
    );
    await operators.report('dev', '1.4.1');
    await shows(operators, 'vera', 'windlass get pipelines', /staging +1\.4\.0 +1\.4\.1 +frozen/);
  },

  'A hotfix in the freeze': async (operators, { commands: [override = ''] }) => {
    const why = 'windlass why apps/shop prod';
    await done(operators, 'rob', 'windlass promote apps/shop prod 1.4.1');
    await shows(
      operators,
      'rob',
      why,
      /prod waits for 1\.4\.1: frozen until 2100-01-04/,
      /^ {2}freeze: Frozen until 2100-01-04 .*Holidays/m,
      /^ {2}approvals: 0 of 1 approval\. /m,
      /--gates freeze,approvals /,
    );
    await forbidden(operators, 'ada', override, 'break-glass');
    expect(await done(operators, 'olga', override)).toContain('Open for 1.4.1 into prod: freeze.');
    await shows(operators, 'rob', why, /prod waits for 1\.4\.1: (?!.*frozen).*approval/);
    await done(operators, 'ada', 'windlass approve apps/shop prod 1.4.1');
    await proposed(operators, 'prod', '1.4.1');
    await shows(operators, 'vera', 'windlass get pipelines', /staging +1\.4\.0 +1\.4\.1 +frozen/);
    await operators.deliver('prod', '1.4.1');
  },

  'End the freeze': async (operators, { commands: [unfreeze = ''] }) => {
    const freeze = (await done(operators, 'rob', 'windlass get freezes -o name')).trim();
    expect(unfreeze).toContain('apps/FREEZE');
    expect(await done(operators, 'rob', unfreeze.replace('apps/FREEZE', freeze))).toContain('has ended');
    await proposed(operators, 'staging', '1.4.1');
    const { err } = await operators.as('vera', 'windlass get freezes');
    expect(err).toBe('No freezes found.\n');
    await operators.deliver('staging', '1.4.1');
  },

  'Suspend one Pipeline or environment': async (operators, { commands: [suspend = '', resume = ''] }) => {
    const why = 'windlass why apps/shop prod';
    expect(await done(operators, 'rob', suspend)).toContain('into prod are suspended');
    await done(operators, 'rob', 'windlass promote apps/shop prod 1.4.2');
    await shows(operators, 'rob', why, /prod waits for 1\.4\.2: .*suspended/, resume);
    await forbidden(operators, 'vera', resume, 'freeze');
    expect(await done(operators, 'rob', resume)).toContain('into prod are resumed');
    const { out } = await shows(operators, 'rob', why, /prod waits for 1\.4\.2: (?!.*suspended).*approval/);
    expect(out).not.toContain(resume);
    expect(openTitles(operators)).toEqual([]);
  },
};
