/** What people change in an installation that runs. */
/* eslint-disable jest/no-standalone-expect -- the scenarios run in test/e2e/operations.test.ts */
import { eventually } from '../eventually';
import { pathOf, release, repository } from '../installation';
import { ended } from '../lane-outcomes';
import { done, proposed, type Scenario, shows } from './task';

export const upkeep: Readonly<Record<string, Scenario>> = {
  'Add an environment': async (operators, { commands: [validate = ''] }) => {
    const { forge } = operators.installation;
    await forge.commit(repository, 'main', { [pathOf('qa')]: release('qa', '1.3.0') }, 'Add qa');
    await operators.writePipeline(['dev', 'qa', 'qa', 'staging', 'prod']);
    const invalid = await operators.as('rob', validate);
    expect([invalid.code, invalid.out + invalid.err]).toEqual([
      1,
      expect.stringMatching(/pipeline\.yaml:\d+/),
    ]);
    await operators.writePipeline(['dev', 'qa', 'staging', 'prod']);
    await done(operators, 'rob', validate);
    await shows(operators, 'vera', 'windlass get pipelines', /^apps\/shop +qa /m);
    await done(operators, 'rob', 'windlass promote apps/shop qa 1.5.0');
    await proposed(operators, 'qa', '1.5.0');
    await operators.writePipeline(['dev', 'staging', 'prod']);
  },

  'Rotate an HMAC key': async (operators) => {
    const { hmacKey: old, token } = operators.installation;
    const rotated = 'the key after the rotation';
    // Of the last environment: an event that promotes nothing.
    const answers = (key: string, status: number): Promise<void> =>
      eventually(async () => expect(await operators.report('prod', '1.3.0', key)).toBe(status));
    await operators.writeSecrets({ 'hmac-key': rotated, 'hmac-key-previous': old }, token);
    await answers(rotated, 202);
    expect(await operators.report('prod', '1.3.0', old)).toBe(202);
    await operators.writeSecrets({ 'hmac-key': rotated }, token);
    await answers(old, 401);
    expect(await operators.report('dev', '1.5.1', rotated)).toBe(202);
    await proposed(operators, 'staging', '1.5.1');
    await operators.writeSecrets({ 'hmac-key': old }, token);
    await answers(old, 202);
  },

  'Renew the Git token': async (operators, { commands: [retry = ''] }) => {
    const { installation } = operators;
    const hmac = { 'hmac-key': installation.hmacKey };
    await operators.writeSecrets(hmac, 'revoked');
    // Until the worker has read it, a version is promoted as before.
    let patch = 1;
    const failed = await eventually(async () => {
      patch += 1;
      const version = `1.5.${patch}`;
      await operators.report('dev', version);
      await ended(installation, version, 'failed', { limitMs: 4_000 });
      return version;
    });
    await shows(operators, 'rob', 'windlass why apps/shop staging', /bad-credentials/);
    await operators.writeSecrets(hmac, installation.token);
    // Until the worker has read this one, the new attempt fails as well.
    await eventually(async () => {
      expect(await done(operators, 'rob', retry)).toContain(
        `Running the promotion of ${failed} into staging again.`,
      );
      await ended(installation, failed, 'pull-request', { limitMs: 2_000 });
    });
    await proposed(operators, 'staging', failed);
  },
};
