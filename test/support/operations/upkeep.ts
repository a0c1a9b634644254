/** What people change in an installation that runs. */
/* eslint-disable jest/no-standalone-expect -- the scenarios run in test/e2e/operations.test.ts */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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

  'Rotate an HMAC key': async (operators, { commands: [validate = '', send = ''] }) => {
    const { installation } = operators;
    const { hmacKey: old, token, directory } = installation;
    const rotated = 'the key after the rotation';
    await writeFile(join(directory, 'old-key'), old);
    await writeFile(join(directory, 'new-key'), rotated);
    const { origin } = new URL(installation.sign({ version: '1.3.0' }).url);
    /** Repeats it until the api has read the Secret. */
    const answers = (file: string, status: number): Promise<void> =>
      eventually(async () => {
        const line = send.replace('http://127.0.0.1:8082', origin).replace(/hmac-key$/, file);
        const { code, out, err } = await operators.as('rob', line);
        expect([code, out + err]).toEqual([status === 202 ? 0 : 1, expect.stringMatching(`^${status} `)]);
      });
    await operators.writeSecrets({ 'hmac-key': rotated, 'hmac-key-previous': old }, token);
    await done(operators, 'rob', validate);
    await answers('new-key', 202);
    await answers('old-key', 202);
    await operators.writeSecrets({ 'hmac-key': rotated }, token);
    await answers('old-key', 401);
    expect(await operators.report('dev', '1.5.1', rotated)).toBe(202);
    await proposed(operators, 'staging', '1.5.1');
    await operators.writeSecrets({ 'hmac-key': old }, token);
    await answers('old-key', 202);
  },

  'Renew the Git token': async (operators, { commands: [why = '', retry = ''] }) => {
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
    await shows(operators, 'rob', why, /bad-credentials/, retry);
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

  'Upgrade, and go back': async (operators, { commands: [version = '', waits = ''] }) => {
    expect(await done(operators, 'rob', version)).toMatch(/^\S*\d+\.\d+\.\d+/m);
    const waiting = async (): Promise<void> => {
      await shows(operators, 'vera', waits, /^apps\/shop +prod +1\.3\.0 +1\.4\.0 +waiting-for-approval/m);
    };
    await waiting();
    // By the same build: test/upgrade has the code of others.
    await operators.replacePrograms();
    await waiting();
    await operators.replacePrograms();
    await waiting();
    await done(operators, 'ada', 'windlass approve apps/shop prod 1.4.0');
    await proposed(operators, 'prod', '1.4.0');
  },
};
